/** What Windlass does, in Micrometer's meters. */
module dev.windlass.metrics {
    requires transitive dev.windlass.core;
    requires transitive dev.windlass.workflow;
    requires transitive micrometer.core;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.windlass.metrics;
}
