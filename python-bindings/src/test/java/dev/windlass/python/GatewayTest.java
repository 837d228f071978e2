package dev.windlass.python;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The gateway as Python uses it, without a Python. */
@Timeout(60)
class GatewayTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Gateway gateway = Gateway.open();
    private final Deque<Message> taken = new ArrayDeque<>();
    private long last = 100;

    private record Message(String kind, long id, String first, String second) {}

    @AfterEach
    void close() {
        gateway.close();
    }

    private @Nullable Message next() throws InterruptedException {
        while (taken.isEmpty()) {
            String text = gateway.take();
            if (text == null) {
                return null;
            }
            int at = text.indexOf('\n') + 1;
            for (JsonNode head : JSON.readTree(text.substring(0, at))) {
                List<String> texts = new ArrayList<>(List.of("", ""));
                for (int i = 2; i < head.size(); i++) {
                    int end = at + head.get(i).asInt();
                    texts.set(i - 2, text.substring(at, end));
                    at = end;
                }
                taken.add(new Message(head.get(0).asString(), head.get(1).asLong(), texts.get(0), texts.get(1)));
            }
        }
        return taken.remove();
    }

    private Message next(String kind) throws InterruptedException {
        while (true) {
            Message message = requireNonNull(next(), "a message of kind " + kind);
            if (message.kind().equals(kind)) {
                return message;
            }
        }
    }

    private JsonNode call(String verb, String arguments) throws InterruptedException {
        long id = last++;
        gateway.call(id, verb, arguments);
        Message answer = next("ok");
        while (answer.id() != id) {
            answer = next("ok"); // of a call before, which nobody has waited for
        }
        return JSON.readTree(answer.first());
    }

    private long connect() throws InterruptedException {
        return call("connect", "{\"url\":\"mem:\"}").path("connection").asLong();
    }

    @Test
    void call_unknownVerbOrArguments_isAnErrorThatSaysSo() throws InterruptedException {
        gateway.call(1, "no-such-verb", "{}");
        assertThat(next("error").first()).contains("InvalidInputException", "There is no verb \\\"no-such-verb\\\"");
        gateway.call(2, "submit", "[]");
        assertThat(next("error").first()).contains("no JSON object");
        gateway.call(3, "submit", "{\"connection\":77}");
        assertThat(next("error").first()).contains("Connection 77 is closed");
        gateway.call(4, "submit", "{\"connection\":true}");
        assertThat(next("error").first()).contains("submit: connection is true. Use a whole number.");
    }

    @Test
    void submit_inputThatDoesNotFitItsSchema_isAnErrorThatSaysWhere() throws InterruptedException {
        String on = "{\"connection\":" + connect() + ",\"queue\":\"q\",\"type\":\"t\",";
        assertThat(call("schema.publish", on + "\"input\":{\"items\":{\"type\":\"integer\"}}}").path("version").asInt())
                .isEqualTo(1);

        gateway.call(1, "submit", on + "\"input\":[1,\"2\"]}");

        JsonNode error = JSON.readTree(next("error").first());
        assertThat(error.path("kind").asString()).isEqualTo("SchemaViolationException");
        assertThat(error.path("violations")).hasSize(1);
        assertThat(error.path("violations").path(0).path("path").asString()).isEqualTo("/1");
    }

    @Test
    void validate_withoutAConnection_saysWhereItDoesNotFit() {
        assertThat(gateway.validate("{\"what\":\"It\",\"schema\":true,\"value\":1}")).isNull();
        assertThat(gateway.validate("{\"what\":\"It\",\"schema\":{\"type\":\"string\"},\"value\":1}"))
                .contains("\"kind\":\"SchemaViolationException\"", "It does not fit its schema: (the value itself): ");
        assertThat(gateway.validate("{\"what\":\"It\",\"schema\":5,\"value\":1}"))
                .contains("\"kind\":\"InvalidInputException\"", "is no JSON Schema 2020-12");
    }

    @Test
    void worker_taskIsHandedOver_andItsEndComesBack() throws InterruptedException {
        long connection = connect();
        String on = "{\"connection\":" + connection + ",\"queue\":\"q\",";
        JsonNode task = call("submit", on + "\"type\":\"t\",\"input\":{\"text\":\"\u00fc\"}}");
        assertThat(task.path("status").asString()).isEqualTo("PENDING");
        gateway.call(1, "worker.start", "{\"connection\":" + connection
                + ",\"worker\":5,\"queues\":[\"q\"],\"types\":[\"t\"],\"shortestPollMillis\":10}");

        Message run = next("run");

        assertThat(JSON.readTree(run.first()).path("task").asString()).isEqualTo(task.path("id").asString());
        assertThat(JSON.readTree(run.first()).path("worker").asLong()).isEqualTo(5);
        assertThat(run.second()).isEqualTo("{\"text\":\"\\u00FC\"}");
        assertThat(gateway.isCancelled(run.id())).isFalse();
        gateway.succeed(run.id(), "[1.10]");
        gateway.succeed(run.id(), "too late");
        gateway.call(2, "await", "{\"connection\":" + connection + ",\"task\":\"" + task.path("id").asString() + "\"}");
        Message result = next("ok");
        while (result.id() != 2) {
            result = next("ok");
        }
        assertThat(result.first()).isEqualTo("[1.10]");
        assertThat(gateway.isCancelled(run.id())).as("of one that has ended").isTrue();
        gateway.call(3, "worker.drain", "{\"worker\":5}");
        assertThat(next("ok").first()).isEqualTo("true");
    }

    @Test
    void worker_whatItSaysAndWhatItHasDone_isTold() throws InterruptedException {
        long connection = connect();
        String on = "{\"connection\":" + connection + ",\"queue\":\"q\",";
        String task = call("submit", on + "\"type\":\"t\"}").path("id").asString();
        gateway.call(1, "worker.start", "{\"connection\":" + connection
                + ",\"worker\":5,\"queues\":[\"q\",\"r\"],\"types\":[\"t\"],\"shortestPollMillis\":10,\"maxTasks\":1,"
                + "\"weights\":{\"r\":3},\"typeConcurrency\":{\"t\":1},\"typeTimeoutMillis\":{\"t\":60000},"
                + "\"hooks\":[\"success\"]}");
        Message run = next("run");

        assertThat(gateway.say(run.id(), "{\"percent\":50,\"message\":\"half\"}")).isNull();
        assertThat(gateway.say(run.id(), "{\"counter\":\"rows\",\"more\":7}")).isNull();
        assertThat(gateway.say(run.id(), "{\"print\":\"a line\"}")).isNull();
        assertThat(gateway.say(run.id(), "{\"percent\":101}")).contains("InvalidInputException", "Use 0 to 100");
        assertThat(gateway.say(run.id(), "[]")).contains("no JSON object");
        assertThat(gateway.say(999, "{\"percent\":50}")).as("of one that is not there").isNull();
        gateway.succeed(run.id(), "1");

        Message told = next("told");
        assertThat(told.id()).isEqualTo(5);
        assertThat(JSON.readTree(told.first()).path("event").asString()).isEqualTo("success");
        assertThat(JSON.readTree(told.first()).path("task").asString()).isEqualTo(task);
        assertThat(next("told").first()).as("after its one task").isEqualTo("{\"event\":\"stopped\"}");
        JsonNode progress = call("progress", "{\"connection\":" + connection + ",\"task\":\"" + task + "\"}");
        assertThat(progress.path("percent").asDouble()).isEqualTo(50);
        assertThat(progress.path("counters").path("rows").asLong()).isEqualTo(7);
        assertThat(call("output", "{\"connection\":" + connection + ",\"task\":\"" + task + "\"}").path("lines")
                .path(0).asString()).isEqualTo("a line");
    }

    @Test
    void storage_bytes_areFetchedOnce() throws InterruptedException {
        long connection = connect();
        byte[] body = "bytes".getBytes(StandardCharsets.UTF_8);
        gateway.callWithBytes(1, "storage.put", "{\"connection\":" + connection + ",\"key\":\"files/x\"}", body);
        assertThat(next("ok").first()).isEqualTo("null");

        gateway.call(2, "storage.get", "{\"connection\":" + connection + ",\"key\":\"files/x\"}");

        Message message = next("bytes");
        var content = requireNonNull(gateway.bytes(message.id()));
        assertThat(content.isDirect()).isTrue();
        var copy = new byte[content.remaining()];
        content.get(copy);
        assertThat(copy).isEqualTo(body);
        assertThat(gateway.bytes(message.id())).isNull();
    }

    @Test
    void abandon_waitingCall_endsIt() throws InterruptedException {
        long connection = connect();
        JsonNode task = call("submit",
                "{\"connection\":" + connection + ",\"queue\":\"q\",\"type\":\"t\",\"input\":1}");
        gateway.call(1, "await", "{\"connection\":" + connection + ",\"task\":\"" + task.path("id").asString() + "\"}");

        gateway.abandon(1);
        gateway.abandon(999);

        // It was interrupted, or never began: then nothing is said.
        gateway.call(2, "now", "{\"connection\":" + connection + "}");
        Message message = next();
        while (message != null && message.id() != 2) {
            assertThat(message.kind()).isEqualTo("error");
            assertThat(message.first()).contains("InterruptedException");
            message = next();
        }
        assertThat(message).isNotNull();
    }

    private long workOn(long connection, String workflows) throws InterruptedException {
        gateway.call(1, "worker.start", "{\"connection\":" + connection
                + ",\"worker\":5,\"queues\":[],\"types\":[],\"shortestPollMillis\":10,\"workflows\":" + workflows
                + "}");
        return 5;
    }

    @Test
    void flow_asksOneThingAfterTheOther_andItsResultIsTheRuns() throws InterruptedException {
        long connection = connect();
        long worker = workOn(connection, "{\"functions\":[{\"name\":\"f\",\"version\":2}]}");
        gateway.call(2, "workflow.start", "{\"connection\":" + connection
                + ",\"type\":\"f\",\"version\":2,\"workflow\":\"w\",\"input\":{\"a\":1}}");

        Message flow = next("flow");

        ObjectNode about = (ObjectNode) JSON.readTree(flow.first());
        assertThat(about.remove("seed").asString()).matches("[0-9a-f]{1,16}");
        assertThat(about).isEqualTo(JSON.readTree("{\"worker\":" + worker
                + ",\"type\":\"f\",\"version\":2,\"workflow\":\"w\",\"run\":1,\"replaying\":false}"));
        assertThat(flow.second()).isEqualTo("{\"a\":1}");
        gateway.ask(flow.id(), "{\"ask\":\"step\",\"token\":7,\"name\":\"one\"}");
        Message run = next("run");
        assertThat(JSON.readTree(run.first()).path("flow").asLong()).isEqualTo(flow.id());
        assertThat(JSON.readTree(run.first()).path("body").asLong()).isEqualTo(7);
        gateway.succeed(run.id(), "\"done\"");
        gateway.ask(flow.id(), "{\"ask\":\"nonsense\",\"token\":8}");
        Message refused = next("settled");
        assertThat(refused.first()).contains("\"token\":8,\"ok\":false");
        assertThat(refused.second()).contains("cannot ask for \\\"nonsense\\\"");
        gateway.ask(flow.id(), "{\"ask\":\"get\",\"token\":9,\"of\":7}");
        Message settled = next("settled");
        assertThat(settled.first()).contains("\"token\":9,\"ok\":true");
        assertThat(settled.second()).isEqualTo("\"done\"");
        gateway.returned(flow.id(), "[1]", null);
        gateway.returned(flow.id(), "\"too late\"", null);
        gateway.call(3, "workflow.await", "{\"connection\":" + connection + ",\"workflow\":\"w\"}");
        Message result = next("ok");
        while (result.id() != 3) {
            result = next("ok");
        }
        assertThat(result.first()).isEqualTo("{\"~result\":[1]}");
    }

    @Test
    void flow_cancelled_isUnwoundBeforeItsThread() throws InterruptedException {
        long connection = connect();
        workOn(connection, "{\"functions\":[{\"name\":\"f\",\"version\":1}]}");
        gateway.call(2, "workflow.start",
                "{\"connection\":" + connection + ",\"type\":\"f\",\"workflow\":\"w\",\"input\":null}");
        Message flow = next("flow");
        gateway.ask(flow.id(), "{\"ask\":\"signal\",\"token\":1,\"name\":\"s\"}");
        gateway.ask(flow.id(), "{\"ask\":\"get\",\"token\":2,\"of\":1}");
        gateway.call(3, "workflow.control", "{\"connection\":" + connection
                + ",\"workflow\":\"w\",\"what\":\"cancel\",\"reason\":\"enough\"}");

        Message unwind = next("unwind");
        while (!unwind.first().equals("cancelled")) { // it had parked before it was told
            gateway.returned(unwind.id(), null, null);
            Message again = next("flow");
            gateway.ask(again.id(), "{\"ask\":\"signal\",\"token\":1,\"name\":\"s\"}");
            gateway.ask(again.id(), "{\"ask\":\"get\",\"token\":2,\"of\":1}");
            unwind = next("unwind");
        }

        gateway.returned(unwind.id(), null, null);
        gateway.call(4, "workflow.await", "{\"connection\":" + connection + ",\"workflow\":\"w\"}");
        assertThat(next("error").first()).contains("TaskCancelledException", "enough");
    }

    @Test
    void close_whoTakes_isToldOfTheEnd() throws InterruptedException {
        connect();

        gateway.close();
        gateway.close();

        assertThat(next()).isNull();
    }
}
