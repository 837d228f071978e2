package dev.windlass.chaos.command;

import java.time.Duration;
import java.util.concurrent.Callable;

import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.chaos.workload.Handlers;
import dev.windlass.chaos.workload.Producer;
import dev.windlass.cli.ExitCode;
import dev.windlass.cli.command.DurationConverter;
import dev.windlass.queue.Worker;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One worker process. Drains and ends on SIGTERM. */
@Command(name = "worker", hidden = true, description = "One worker process; started by windlass-chaos.")
final class WorkerCommand implements Callable<Integer> {
    private static final int TASKS = 12;
    private static final int RUNS = 4;

    @Mixin
    private ChildOptions child = new ChildOptions();

    @Option(names = "--lease", required = true, converter = DurationConverter.class, description = "Its lease's ttl.")
    private Duration lease = Duration.ZERO;

    @Override
    public Integer call() throws Exception {
        try (Ledger ledger = Ledger.create(child.ledger(), child.id())) {
            ledger.append(Ledger.line("born").put("worker", child.id()));
            try (var windlass = child.connect()) {
                var handlers = new Handlers(ledger, child.id());
                Workflows workflows = Workflows.on(windlass.engine());
                handlers.addTo(workflows);
                WorkerOptions options = WorkerOptions.ofDefaults().withRuns(RUNS).withLocalParallelism(RUNS)
                        .withFleetConcurrency(RUNS).withFleetThreshold(Duration.ZERO)
                        .withParkAfter(Duration.ofSeconds(1));
                Worker.Builder builder = workflows.worker(windlass.worker(), options).queue(Producer.QUEUE, TASKS)
                        .lease(lease, lease.dividedBy(4)).poll(Duration.ofMillis(50), Duration.ofMillis(500))
                        .id(child.id());
                try (Worker worker = handlers.addTo(builder).start()) {
                    ChildOptions.workUntilStopped();
                    ledger.append(Ledger.line("told-to-stop").put("worker", worker.id()));
                }
            }
            ledger.append(Ledger.line("ended").put("worker", child.id()));
        }
        return ExitCode.DONE;
    }
}
