package dev.windlass.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.windlass.Windlass;
import dev.windlass.benchmarks.measure.Graphs;
import dev.windlass.benchmarks.measure.Stamped;
import dev.windlass.cli.ExitCode;
import dev.windlass.environment.Environment;
import dev.windlass.queue.Worker;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.StoreSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code windlass-bench attend}: the other processes of the measures of pick-up and graphs. Leaves when its input ends. */
@Command(name = "attend", hidden = true, mixinStandardHelpOptions = true, description = "A worker process of the measures of pick-up and graphs, which start it by themselves.")
final class AttendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--store", required = true, paramLabel = "URI", description = "The store.")
    private String store = "";

    @Option(names = "--latency", paramLabel = "MS", defaultValue = "0", description = "By how much each request is delayed.")
    private long latency;

    @Option(names = "--graphs", description = "Work on graphs, in place of tasks whose pick-up is measured.")
    private boolean graphs;

    @Override
    public Integer call() throws IOException {
        Environment environment = Environment.system();
        try (ObjectStore opened = ObjectStores.open(store, new StoreSettings(environment, 256, Map.of()));
                Windlass windlass = Stamped.connect(opened, Duration.ofMillis(latency), environment);
                Worker worker = graphs ? Graphs.start(windlass) : Stamped.start(windlass, environment)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("ready");
            out.flush();
            while (System.in.read() >= 0) {
                // nothing is expected but the end
            }
        }
        return ExitCode.DONE;
    }
}
