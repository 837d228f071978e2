/** Windlass from Python: the Java side of the package {@code windlass}, embedded by Jep. */
module dev.windlass.python {
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires dev.windlass.core;
    requires dev.windlass.metrics;
    requires dev.windlass.schema;
    requires dev.windlass.workflow;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires static transitive org.jspecify;
    requires org.ninia.jep;
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.windlass.python;
}
