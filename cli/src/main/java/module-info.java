/** The {@code windlass} command. An application: nothing here is meant for other modules. */
module dev.windlass.cli {
    requires dev.windlass.core;
    requires dev.windlass.metrics;
    requires dev.windlass.schema;
    requires dev.windlass.workflow;
    requires info.picocli;
    requires jdk.httpserver;
    requires me.tongfei.progressbar;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    opens dev.windlass.cli to
            info.picocli;
    opens dev.windlass.cli.command to
            info.picocli;
    opens dev.windlass.cli.run to
            info.picocli;
}
