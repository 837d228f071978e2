package dev.windlass.cli.run;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

import dev.windlass.cli.graph.WorkflowGraph;
import dev.windlass.store.RequestCounts;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is said of a run at its end. */
record RunReport(String workflow, String runId, String store, String status, int steps, String digest, double seconds,
        int workers, int restarts, RequestCounts requests) {
    private static final double DOLLARS_PER_PUT_OR_LIST = 5e-6;
    private static final double DOLLARS_PER_GET = 0.4e-6;

    double requestsPerStep() {
        return requests.billed() / (double) Math.max(1, steps);
    }

    double dollars() {
        return (requests.put() + requests.list()) * DOLLARS_PER_PUT_OR_LIST + requests.get() * DOLLARS_PER_GET;
    }

    void printJson(PrintWriter out) {
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode report = json.createObjectNode();
        report.put("workflow", workflow).put("runId", runId).put("status", status).put("steps", steps)
                .put("digest", digest).put("seconds", rounded(seconds)).put("workers", workers)
                .put("restarts", restarts);
        report.putObject("requests").put("put", requests.put()).put("get", requests.get()).put("list", requests.list())
                .put("delete", requests.delete());
        report.put("requestsPerStep", rounded(requestsPerStep()));
        out.println(json.writeValueAsString(report));
    }

    void print(PrintWriter out, WorkflowGraph graph, double timeScale) {
        double work = graph.totalRuntimeSeconds() * timeScale;
        row(out, "run", runId + " (" + status.toLowerCase(Locale.ROOT) + ")");
        row(out, "steps", steps + ", each recorded once, on " + workers + " worker processes"
                + (restarts == 0 ? "" : " (" + restarts + " replaced)"));
        row(out, "wall time", fixed(2, seconds) + " s");
        row(out, "critical path", fixed(2, graph.criticalPathSeconds() * timeScale) + " s");
        row(out, "speed-up", fixed(1, work / Math.max(1e-9, seconds)) + " (" + fixed(2, work) + " s of steps)");
        row(out, "requests", requests.put() + " PUT, " + requests.get() + " GET, " + requests.list() + " LIST, "
                + requests.delete() + " DELETE");
        row(out, "per step", fixed(2, requestsPerStep()) + " billed (PUT, GET, LIST)");
        row(out, "cost on S3",
                "$" + fixed(4, dollars()) + " ($" + fixed(2, dollars() * 1000) + " for a thousand such runs)");
        row(out, "digest", digest);
    }

    private static void row(PrintWriter out, String label, String value) {
        out.println(String.format(Locale.ROOT, "%-14s %s", label, value));
    }

    private static String fixed(int digits, double value) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
