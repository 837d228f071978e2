package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.windlass.cli.CommandRun;
import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.Precondition;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoredObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        // the input
        "submit --queue q --type t --input {bad} | the input is not JSON at line 1, column 2",
        "submit --queue q --type t --input [1,2]] | not JSON at line 1, column 6",
        "submit --queue q --type t --input @nowhere.json | the input file nowhere.json does not exist",
        "submit --queue q --type t --input @FOLDER | is a directory",
        "submit --queue q --type t --input @ | names no file",
        // schemas
        "schema publish --type t --input {\"type\":\"strin\"} | is no JSON Schema 2020-12: /type: ",
        "schema publish --type t --input true --output 3 | of the results of type \"t\" is no JSON Schema",
        "schema publish --type t --input {\"$ref\":\"http://127.0.0.1:1/x\"} | nothing is fetched",
        "schema publish --type t --input {bad} | the input is not JSON at line 1, column 2",
        "schema publish --type t | Neither --input nor --output is given",
        "schema publish --type EMPTY --input true | task type is empty",
        "schema publish --type t --input true --by EMPTY | name of 0 characters",
        "schema show t | No schema is published for type \"t\"",
        "schema delete t | No schema is published for type \"t\"",
        "schema check --type t --input 1 | No schema is published for type \"t\"",
        "schema check --type t | Give one of --input and --output",
        "schema check --type t --input 1 --output 2 | Give one of --input and --output",
        // schedules
        "schedule create s --cron x --queue q --type t | has 1 fields; use 5",
        "schedule create s --cron @never --queue q --type t | is no name of a schedule",
        "schedule create s --cron @daily --zone Europe/Berlim --queue q --type t | nearest names are Europe/Berlin",
        "schedule create s --cron @daily --queue q | Give --queue and --type",
        "schedule create s --cron @daily --queue q --type t --dag g.json | --dag goes with none of",
        "workflow start ../examples/workflows/diamond.json | Play it by windlass run ../examples/workflows/diamond.json",
        "schedule create s --cron @daily --dag nowhere.json | the graph file nowhere.json does not exist",
        "schedule create s --cron @daily --queue q --type t --misfire 101 | fire times to catch up is 101",
        "schedule create s --cron @daily --queue q --type t --misfire often | Use skip, once, or a number",
        "schedule create s --cron @daily --queue q --type t --misfire-after 2d | counts as missed is PT48H",
        "schedule create s --cron @daily --queue q --type t --overlap some | Use allow, skip, cancel-previous",
        "schedule create s --cron @daily --queue q --type t --jitter 2d | jitter is PT48H",
        "schedule create s --cron @daily --queue q --type t --jitter -1s | negative",
        "schedule create s --cron @daily --queue q --type t --start soon | --start is \"soon\"",
        "schedule create s --cron @daily --queue q --type t --input 1 --fire-time-field at | is no JSON object",
        "schedule create LONG --cron @daily --queue q --type t | has 201 bytes",
        "schedule create s --cron @daily --queue q --type t --priority 11 | priority is 11",
        "schedule create s --cron @daily --queue q --type t --attempts 0 | maxAttempts is 0",
        // names
        "submit --queue EMPTY --type t --input 1 | name of the queue is empty",
        "submit --queue q --type EMPTY --input 1 | task type is empty",
        "submit --queue LONG --type t --input 1 | has 201 bytes",
        "submit --queue q --type LONG --input 1 | has 201 bytes",
        "submit --queue q --type t --input 1 --key EMPTY | idempotency key is empty",
        "worker --queue q --id LONG | has 201 bytes", "worker --queue EMPTY | name of the queue is empty",
        // numbers and durations
        "submit --queue q --type t --input 1 --priority 10 | priority is 10",
        "submit --queue q --type t --input 1 --priority -1 | priority is -1",
        "submit --queue q --type t --input 1 --attempts 0 | maxAttempts is 0",
        "submit --queue q --type t --input 1 --attempts x | 'x' is not an int",
        "submit --queue q --type t --input 1 --delay -5s | negative",
        "submit --queue q --type t --input 1 --delay 10 | has no unit",
        "submit --queue q --type t --input 1 --delay soon | is no duration",
        "submit --queue q --type t --input 1 --delay 99999d | ten years",
        "submit --queue q --type t --input 1 --timeout 0s | time-out is PT0S",
        "worker --queue q --concurrency 0 | concurrency is 0", "worker --queue q --lease 1ms | ttl is PT0.001S",
        "worker --queue q --max-tasks 0 | maximum of tasks is 0",
        "worker --queue q --weight q=0 | weight of the queue \"q\" is 0",
        "worker --queue q --weight other=2 | the worker does not have it",
        "worker --queue q --weight q=x | not an int", "worker --queue q --type-concurrency echo=0 | concurrency is 0",
        "worker --queue q --type-concurrency ecco=2 | has no handler",
        "worker --queue q --type-timeout echo=soon | --type-timeout echo: 'soon' is no duration",
        "worker --queue q --type-timeout echo=0s | more than zero", "worker --queue q --poll 0s | poll interval",
        "worker --queue q --poll x | is no duration", "tail x --every 1ms | Use 100ms or more",
        "tail no-such-task | There is no task no-such-task", "stats --profile nope | no windlass.toml here",
        "stats --config nowhere.toml | nowhere.toml does not exist",
        "worker --queue q --metrics-port -1 | metrics port is -1",
        "worker --queue q --metrics-port 65536 | metrics port is 65536",
        "worker --queue q --metrics-port x | 'x' is not an int",
        "worker --queue q --metrics-port 0 --metrics-host 1:2 | metrics host \"1:2\" is not known",
        "worker --queue q --metrics-port TAKEN | cannot be listened on",
        "worker --queue q --metrics-sample 1m | --metrics-port, which is not given",
        "worker --queue q --metrics-port 0 --metrics-sample 1ms | Use 1s or more",
        "worker --queue q --queue q | twice", "init --shard-width 5 | shard width is 5",
        "list --limit 0 | limit is 0", "list --status nope | expected one of",
        "bench --tasks 0 | number of tasks is 0", "bench --processes -1 | number of processes is -1",
        "bench --latency -1 | latency is -1.0 ms", "bench --concurrency 0 | concurrency is 0",
        "bench --batch 0 | batch is 0", "bench --store mem: --processes 2 | private to one process",
        "bench --store mem: --apart | private to one process",
        "doctor --clients 1 | 2 to 256 clients", "doctor --rounds 0 | 1 to 10,000 rounds",
        "doctor --load 2h | 0 s to 1 h", "doctor --load 5 | has no unit",
        // what few tasks are given
        "submit --queue q --type t --input 1 --ttl 0s | The ttl is PT0S",
        "submit --queue q --type t --input 1 --ttl 1h --delay 2h | before it is due",
        "submit --queue q --type t --input 1 --ttl 1h --expires-at 2190-01-01T00:00:00Z | Give one of them",
        "submit --queue q --type t --input 1 --expires-at soon | soon",
        "submit --queue q --type t --input 1 --expires-at 2020-01-01T00:00:00Z | Give it a later one",
        "submit --queue q --type t --input 1 --max-reschedules -1 | most reschedules are -1",
        "submit --queue q --type t --input 1 --id a/b | cannot be the id of a task",
        "submit --queue q --type t --input 1 --id a --key b | both an id and an idempotency key",
        "submit --queue q --type t --input 1 --unless-waiting EMPTY | debounce key has 0 characters",
        "submit --queue q --type t --input 1 --debounce LONG | debounce key has 201 characters",
        "submit --queue q --type t --input 1 --debounce a --unless-waiting a | Give one of them",
        "submit --queue q --type t --input 1 --debounce a --id b | a debounce key, and an id",
        "submit --queue q --type t --input 1 --key-ttl 1d | and no key",
        "submit --queue q --type t --input 1 --key-scope queue | and no key",
        "submit --queue q --type t --input 1 --tag novalue | is no tag; write NAME=VALUE",
        "submit --queue q --type t --input 1 --tag =x | is no tag; write NAME=VALUE",
        "submit --queue q --type t --input 1 --tag a?b=x | cannot be the name of a tag",
        "submit --queue q --type t --input 1 --tag a=x --tag a=y | is given twice",
        "submit --queue q --type t --input 1 --parent a/b | cannot be the parent's id",
        "list --tag novalue | is no tag; write NAME=VALUE",
        // many at once
        "cancel | Neither ids nor a queue", "cancel x --queue q --all | Both ids and a filter",
        "cancel --queue q | Say so by --all", "cancel --queue q --all --type t | Both --all and a filter",
        "cancel --queue EMPTY --all | name of the queue is empty", "redrive | Neither ids nor a queue",
        "redrive x --queue q | Both ids and a queue", "redrive x --type t | --type goes with --queue",
        "redrive no-such-task | There is no task no-such-task", "redrive --queue q --limit 0 | limit is 0",
        "dead-letters --queue q --limit 0 | limit is 0",
        // pauses
        "pause | Missing required option", "pause --queue EMPTY | name of the queue is empty",
        "pause --queue q --type EMPTY | task type is empty", "resume --queue LONG | has 201 bytes",
        // claims by hand
        "claim --queue EMPTY | name of the queue is empty", "claim --queue q --lease 500ms | lease is PT0.5S",
        "claim --queue q --lease 2h | 1 second to 1 hour", "claim --queue q --lease 5 | has no unit",
        "claim --queue q --count 0 | to claim is 0", "claim --queue q --count 1001 | to claim is 1001",
        "claim --queue q --type EMPTY | task type is empty", "claim --queue q --worker LONG | has 201 bytes",
        "peek --queue q --count 0 | limit is 0", "claim | Missing required option", "extend x | Missing required",
        "extend no-such-task --token 0png8g49q21f2rtg --lease 5m | There is no task no-such-task",
        "extend x --token short --lease 5m | \"short\" is no token",
        "extend x --token 0png8g49q21f2rtg --lease 2h | 1 second to 1 hour",
        "extend a/b --token 0png8g49q21f2rtg --lease 5m | is no task id",
        "complete no-such-task --token 0png8g49q21f2rtg | There is no task no-such-task",
        "complete x --token 0png8g49q21f2rtg --output {bad | the output is not JSON at line 1, column 2",
        "complete x --token 0png8g49q21f2rtg --output @nowhere | the output file nowhere does not exist",
        "fail x --token 0png8g49q21f2rtg | Missing required option",
        "requeue x --token 0png8g49q21f2rtg --delay 99999d | ten years",
        // what is missing or unknown
        "submit --queue q | Missing required options", "worker | Missing required option", "status | Missing",
        "status no-such-task | There is no task no-such-task", "history no-such-task | There is no task no-such-task",
        "cancel no-such-task | There is no task no-such-task", "status a/b | is no task id",
        "stats --nope | Unknown option",
        // stores
        "init --store ftp://x | No backend knows the scheme", "init --store nowhere | has no scheme",
        "init --store file: | names no place after its scheme", "init --store s3: | bucket"})
    void badInput_isTwo_withFewLines_andNothingWritten(String line) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(line, String.valueOf(taken.getLocalPort()));
        }
    }

    private void assertRefused(String line, String takenPort) throws IOException {
        String[] parts = line.split(" \\| ", -1);
        var args = new ArrayList<String>();
        for (String word : parts[0].strip().split(" ", -1)) {
            args.add(switch (word) {
                case "EMPTY" -> "";
                case "LONG" -> "x".repeat(201);
                case "TAKEN" -> takenPort;
                default -> word.replace("FOLDER", folder.toString());
            });
        }
        if (!args.contains("--store")) {
            args.addAll(List.of("--store", "file:" + folder.resolve("store")));
        }

        CommandRun run = CommandRun.of(args.toArray(String[]::new));

        assertThat(run.err()).startsWith("windlass: ").contains(parts[1].strip()).doesNotContain("\tat ");
        assertThat(run.err().lines().count()).isLessThanOrEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(2);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void storeThatCannotBeUsed_isThree_withOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Path newer = folder.resolve("newer");
        assertThat(CommandRun.of("init", "--store", "file:" + newer).code()).isZero();
        try (ObjectStore store = ObjectStores.open("file:" + newer,
                new StoreSettings(Environment.system(), 1, Map.of()))) {
            StoredObject format = Objects.requireNonNull(store.get("meta/store.json").object());
            String written = new String(format.body(), StandardCharsets.UTF_8);
            store.put("meta/store.json",
                    written.replace("\"format\":1", "\"format\":9").getBytes(StandardCharsets.UTF_8),
                    Precondition.none());
        }
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertUnusable("file:" + file, "file");
        assertUnusable("file:" + newer, "has format 9");
        assertUnusable("s3://bucket/p?endpoint=http://127.0.0.1:" + port, "127.0.0.1:" + port);
        assertThat(Files.readString(file)).isEqualTo("mine");
    }

    private static void assertUnusable(String store, String said) {
        CommandRun run = CommandRun.of("submit", "--queue", "q", "--type", "t", "--input", "1", "--store", store);
        assertThat(run.err()).startsWith("windlass: ").contains(said).doesNotContain("\tat ").hasLineCount(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(3);
    }
}
