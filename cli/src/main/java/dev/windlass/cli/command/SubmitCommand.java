package dev.windlass.cli.command;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.TaskCancelledException;
import dev.windlass.TaskFailedException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.IdempotencyScope;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass submit}. */
@Command(name = "submit", description = {"Submit a task and print its id.",
    "With --wait, wait for its end and print its result; exit code 1 if it failed."}, footerHeading = "%nExample:%n", footer = {
        "  windlass submit --queue emails --type echo --input '{\"to\":\"a@b.c\"}'",
        "  windlass submit --queue emails --type echo --input @email.json --delay 5m --key order-17"})
final class SubmitCommand extends ConnectedCommand {
    @Option(names = "--queue", paramLabel = "Q", required = true, description = "The queue.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String queue;

    @Option(names = "--type", paramLabel = "T", required = true, description = "The task's type: which handler is to run it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String type;

    @Option(names = "--input", paramLabel = "JSON|@FILE|-", required = true, description = "The input: JSON, a file of JSON, or - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String input;

    @Option(names = "--delay", paramLabel = "D", converter = DurationConverter.class, description = "Start no earlier than this from now, such as 500ms, 10s, 5m, 1h30m (default: at once).")
    private @Nullable Duration delay;

    @Option(names = "--priority", paramLabel = "N", defaultValue = "5", description = "0 (first) to 9 (default: 5).")
    private int priority;

    @Option(names = "--attempts", paramLabel = "N", defaultValue = "4", description = "How often to try in all (default: 4).")
    private int attempts;

    @Option(names = "--timeout", paramLabel = "D", defaultValue = "5m", converter = DurationConverter.class, description = "How long one attempt may take (default: 5m).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Duration timeout;

    @Option(names = "--key", paramLabel = "K", description = "Idempotency key: the same submission again yields the same task.")
    private @Nullable String key;

    @Option(names = "--key-scope", paramLabel = "type|queue|NAME", description = "Among which tasks the key is one: of the same type, of the same queue, or all with a scope of that name (default: type).")
    private @Nullable String keyScope;

    @Option(names = "--key-ttl", paramLabel = "D", converter = DurationConverter.class, description = "How long the key holds, from the submission on; if its task has ended by then, the key is free for another (default: as long as the task is stored).")
    private @Nullable Duration keyTtl;

    @Option(names = "--unless-waiting", paramLabel = "K", description = "Submit unless a task of this debounce key waits in the queue; print its id then.")
    private @Nullable String unlessWaiting;

    @Option(names = "--debounce", paramLabel = "K", description = "The same, and replace its due time by that of this submission.")
    private @Nullable String debounce;

    @Option(names = "--id", paramLabel = "ID", description = "The task's id: letters, digits and dashes (default: a fresh one). The same submission again yields the same task.")
    private @Nullable String id;

    @Option(names = "--ttl", paramLabel = "D", converter = DurationConverter.class, description = "The task does not start any more so long from now: it ends as expired (default: never).")
    private @Nullable Duration ttl;

    @Option(names = "--expires-at", paramLabel = "TIME", description = "The same as a time, such as 2030-01-01T00:00:00Z.")
    private @Nullable Instant expiresAt;

    @Option(names = "--max-reschedules", paramLabel = "N", description = "How often its handler may reschedule it (default: no limit).")
    private @Nullable Integer maxReschedules;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", converter = TagConverter.class, description = "A tag to find it by; repeat the option for several.")
    private List<TagConverter.Tag> tags = List.of();

    @Option(names = "--parent", paramLabel = "ID", description = "The task that it belongs to.")
    private @Nullable String parent;

    @Option(names = "--wait", paramLabel = "D", converter = DurationConverter.class, description = "Wait for the end, at most so long, and print the result.")
    private @Nullable Duration wait;

    private SubmitOptions options = SubmitOptions.ofDefaults();
    private @Nullable JsonNode tree;

    @Override
    void prepare() {
        options = options.withPriority(priority).withRetry(RetryPolicy.exponential(attempts)).withTimeout(timeout)
                .withIdempotencyKey(key);
        if (delay != null) {
            options = options.withDelay(delay);
        }
        if (unlessWaiting != null && debounce != null) {
            throw new InvalidInputException("Both --unless-waiting and --debounce are given. Give one of them.");
        }
        if (unlessWaiting != null) {
            options = options.withDebounce(Debounce.unlessWaiting(unlessWaiting));
        } else if (debounce != null) {
            options = options.withDebounce(Debounce.moveDueTime(debounce));
        }
        if (ttl != null && expiresAt != null) {
            throw new InvalidInputException("Both --ttl and --expires-at are given. Give one of them.");
        }
        options = options.withId(id).withIdempotencyTtl(keyTtl).withMaxReschedules(maxReschedules).withParent(parent);
        options = expiresAt == null ? options.withTtl(ttl) : options.withExpiresAt(expiresAt);
        if (keyScope != null) {
            options = options.withIdempotencyScope(switch (keyScope) {
                case "type" -> IdempotencyScope.type();
                case "queue" -> IdempotencyScope.queue();
                default -> IdempotencyScope.custom(keyScope);
            });
        }
        for (TagConverter.Tag tag : tags) {
            if (options.tags().containsKey(tag.name())) {
                throw new InvalidInputException("The tag \"" + tag.name() + "\" is given twice. Give it once.");
            }
            options = options.withTag(tag.name(), tag.value());
        }
        tree = TaskInput.read("input", input);
    }

    @Override
    int run(Windlass windlass) throws InterruptedException {
        TaskHandle<JsonNode> task = windlass.queue(queue).submit(TaskType.of(type, JsonNode.class, JsonNode.class),
                tree == null ? JsonText.MAPPER.nullNode() : tree, options);
        ObjectNode json = JsonText.object().put("id", task.id()).put("queue", queue).put("type", type);
        if (wait == null) {
            if (json()) {
                print(json);
            } else {
                print(task.id());
            }
            return ExitCode.DONE;
        }
        try {
            JsonNode output = task.await(wait);
            if (json()) {
                json.put("status", "COMPLETED").set("output", output);
                print(json);
            } else if (output != null) {
                print(JsonText.write(output));
            }
            return ExitCode.DONE;
        } catch (TaskFailedException e) {
            if (json()) {
                json.put("status", "FAILED").set("error", JsonText.of(e.error()));
                print(json);
            }
            throw e;
        } catch (TaskCancelledException e) {
            if (json()) {
                print(json.put("status", "CANCELLED"));
            }
            throw e;
        }
    }
}
