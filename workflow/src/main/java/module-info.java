/** Workflows on the queue: a run is a task, and a step is one put. */
module dev.windlass.workflow {
    requires transitive dev.windlass.core;
    requires static transitive org.jspecify;
    requires org.quartz;
    requires transitive org.slf4j;
    requires tools.jackson.core;
    requires transitive tools.jackson.databind;

    exports dev.windlass.cost;
    exports dev.windlass.schedule;
    exports dev.windlass.workflow;
}
