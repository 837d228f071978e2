/** JSON Schemas for the inputs and results of tasks. */
module dev.windlass.schema {
    requires com.networknt.schema;
    requires transitive dev.windlass.core;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.windlass.schema;
}
