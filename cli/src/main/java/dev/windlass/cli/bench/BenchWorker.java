package dev.windlass.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;

import dev.windlass.WindlassException;
import dev.windlass.cli.ExitCode;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Strand;
import dev.windlass.queue.Worker;
import dev.windlass.store.RequestCounts;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The other side of {@link ProcessDrainer}: warms up and says {@code ready}; at {@code start QUEUE} works on the queue and
 * tells its progress; at {@code stop} stops and tells its requests and completions. One JSON object a line. Leaves, too,
 * when its input ends, since whoever started it has gone.
 */
public final class BenchWorker {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Duration TELL = Duration.ofMillis(10);

    private final Environment environment;
    private final BenchPlan plan;
    private final BufferedReader in;
    private final PrintWriter out;

    /**
     * @param environment time and threads
     * @param plan the same as the others'
     * @param in commands, one a line
     * @param out answers, one a line
     */
    public BenchWorker(Environment environment, BenchPlan plan, BufferedReader in, PrintWriter out) {
        this.environment = environment;
        this.plan = plan;
        this.in = in;
        this.out = out;
    }

    /** Does its part, and returns the exit code. */
    public int run() throws InterruptedException, IOException {
        try (var connection = new BenchConnection(environment, plan)) {
            connection.warmUp();
            say(MAPPER.createObjectNode().put("event", "ready"));
            String command = in.readLine();
            if (command == null) {
                return ExitCode.FAILED;
            }
            if (!command.startsWith("start ")) {
                throw new WindlassException("bench-worker is started by bench, and does not know \"" + command + "\".");
            }
            Worker worker = connection.startWorker(command.substring("start ".length()));
            Strand teller = environment.start("windlass-bench-progress", () -> tellProgress(worker));
            String last;
            try {
                last = in.readLine();
            } finally {
                teller.interrupt();
                teller.join();
                worker.close();
            }
            if (last == null) {
                return ExitCode.FAILED;
            }
            say(result(connection));
            return ExitCode.DONE;
        }
    }

    private void tellProgress(Worker worker) {
        long told = 0;
        try {
            while (true) {
                long completed = worker.stats().completed();
                if (completed != told) {
                    told = completed;
                    say(MAPPER.createObjectNode().put("event", "progress").put("completed", completed));
                }
                environment.sleep(TELL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode result(BenchConnection connection) {
        RequestCounts counts = connection.requests();
        ObjectNode json = MAPPER.createObjectNode().put("event", "result");
        json.putObject("requests").put("put", counts.put()).put("get", counts.get()).put("list", counts.list())
                .put("delete", counts.delete()).put("conflicts", counts.conflicts())
                .put("unknown", counts.unknown());
        ObjectNode completed = json.putObject("completed");
        connection.spans().forEach((id, span) -> completed.put(id, span.last()));
        return json;
    }

    private void say(ObjectNode json) {
        out.println(MAPPER.writeValueAsString(json));
        out.flush();
    }
}
