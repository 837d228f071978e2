package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.windlass.InvalidInputException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.queue.CancelReport;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.DeadLetter;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.IdempotencyScope;
import dev.windlass.queue.PauseState;
import dev.windlass.queue.QueueStats;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.spi.SubmittedTask;
import dev.windlass.store.ListPage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A queue: encodes and checks what users give, and submits it. */
final class DefaultTaskQueue implements TaskQueue {
    /** Two puts each: as many requests as a connection allows by default. */
    private static final int PARALLEL = 128;
    private static final int PAGE = 1000;
    private static final int CANCELS_AT_ONCE = 32;

    private final Core core;
    private final String name;
    private final Submission submission;
    private final Cancellation cancellation;
    private final ManualClaims manual;

    DefaultTaskQueue(Core core, String name) {
        Keys.segment("name of the queue", name);
        this.core = core;
        this.name = name;
        this.submission = new Submission(core);
        this.cancellation = new Cancellation(core);
        this.manual = new ManualClaims(core, name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public <I, O> TaskHandle<O> submit(TaskType<I, O> type, I input) {
        return submit(type, input, type.defaults());
    }

    @Override
    public <I, O> TaskHandle<O> submit(TaskType<I, O> type, I input, SubmitOptions options) {
        SubmittedTask task = send(type, encode(type, input), options);
        return new DefaultTaskHandle<>(core, this, type, task.id(), task.version());
    }

    @Override
    public <I, O> List<TaskHandle<O>> submitAll(TaskType<I, O> type, List<? extends I> inputs, SubmitOptions options) {
        if ((options.idempotencyKey() != null || options.id() != null || options.debounce() != null)
                && inputs.size() > 1) {
            throw new InvalidInputException((options.id() != null
                    ? "One id"
                    : options.debounce() != null ? "One debounce key" : "One idempotency key") + " for "
                    + inputs.size() + " tasks would make them one. Submit them one by one, each with one of its own.");
        }
        var encoded = new ArrayList<byte[]>();
        for (I input : inputs) {
            encoded.add(encode(type, input));
        }
        var handles = new ArrayList<@Nullable TaskHandle<O>>();
        var indices = new ArrayList<Integer>();
        for (int i = 0; i < encoded.size(); i++) {
            handles.add(null);
            indices.add(i);
        }
        core.format().ensureWritten();
        Fork.forEach(core.environment(), "windlass-submit", indices, PARALLEL,
                i -> handles.set(i, handle(type, send(type, encoded.get(i), options).id())));
        var all = new ArrayList<TaskHandle<O>>();
        for (TaskHandle<O> handle : handles) {
            if (handle != null) {
                all.add(handle);
            }
        }
        return all;
    }

    private byte[] encode(TaskType<?, ?> type, @Nullable Object input) {
        Keys.segment("name of the task type", type.name());
        String what = "The input of a task of type \"" + type.name() + "\"";
        JsonNode tree = Json.encode(core.mapper(), what, input);
        core.checks().input(type.name(), tree);
        byte[] bytes = Json.bytes(tree);
        Payloads.check(what, bytes);
        return bytes;
    }

    private SubmittedTask send(TaskType<?, ?> type, byte[] input, SubmitOptions options) {
        check(options);
        String key = options.idempotencyKey();
        String id = options.id();
        Debounce debounce = options.debounce();
        if (debounce != null) {
            return new DebouncedSubmission(core, name).submit(options, debounce,
                    taskId -> submission.submit(taskId, name, type.name(), input, options, null));
        }
        if (key != null) {
            Keys.segment("idempotency key", key);
            id = Keys.derivedTaskId(scope(options.idempotencyScope(), type), key);
        } else if (id == null) {
            id = Keys.newTaskId(core.environment().wallTime(), core.environment().random());
        }
        return submission.submit(id, name, type.name(), input, options, key);
    }

    private String scope(IdempotencyScope scope, TaskType<?, ?> type) {
        return switch (scope.kind()) {
            case TYPE -> "type:" + type.name();
            case QUEUE -> "queue:" + name;
            case CUSTOM -> "custom:" + scope.name();
        };
    }

    /** What contradicts itself is refused before anything is written. */
    private void check(SubmitOptions options) {
        if (options.id() != null && options.idempotencyKey() != null) {
            throw new InvalidInputException("The task has both an id and an idempotency key, which makes one."
                    + " Give it one of the two.");
        }
        Debounce debounce = options.debounce();
        if (debounce != null && (options.id() != null || options.idempotencyKey() != null)) {
            throw new InvalidInputException("The task has a debounce key, and "
                    + (options.id() != null ? "an id" : "an idempotency key") + " too. Give it one of the two.");
        }
        if (debounce != null) {
            Keys.debounce(name, debounce.key());
        }
        if (options.idempotencyKey() == null
                && (options.idempotencyTtl() != null || !options.idempotencyScope().equals(IdempotencyScope.type()))) {
            throw new InvalidInputException("The scope or the ttl of an idempotency key is given, and no key."
                    + " Give the key too.");
        }
        if (options.ttl() == null && options.expiresAt() == null) {
            return;
        }
        Instant now = core.clock().isKnown() ? core.clock().now() : core.environment().wallTime();
        Instant expiry = options.ttl() == null ? options.expiresAt() : now.plus(options.ttl());
        Duration delay = options.delay();
        Instant due = options.dueAt() != null ? options.dueAt() : now.plus(delay == null ? Duration.ZERO : delay);
        if (expiry != null && !expiry.isAfter(now)) {
            throw new InvalidInputException("The task expires at " + expiry + ", and it is " + now
                    + " by the store's time. Give it a later one, or none.");
        }
        if (expiry != null && !expiry.isAfter(due)) {
            throw new InvalidInputException("The task expires at " + expiry + ", before it is due at " + due
                    + ": it would never run. Let it expire later, or start sooner.");
        }
    }

    @Override
    public <I, O> TaskHandle<O> handle(TaskType<I, O> type, String id) {
        return new DefaultTaskHandle<>(core, this, type, id, null);
    }

    @Override
    public @Nullable TaskInfo get(String id) {
        TaskDocument document = core.tasks().readDocument(checkId(id));
        return document == null || document.state() == TaskState.TOMBSTONE || document.state() == TaskState.REMOVED
                ? null
                : core.payloads().info(document);
    }

    @Override
    public @Nullable JsonNode input(String id) {
        TaskDocument document = core.tasks().readDocument(checkId(id));
        if (document == null || document.state() == TaskState.TOMBSTONE || document.state() == TaskState.REMOVED) {
            throw core.taskNotFound(id);
        }
        return core.payloads().input(document);
    }

    @Override
    public boolean cancel(String id, String reason) {
        return cancel(id, reason, null);
    }

    @Override
    public boolean cancel(String id, String reason, @Nullable String by) {
        return cancellation.cancel(checkId(id), reason, by) != Cancellation.Answer.ENDED;
    }

    @Override
    public CancelReport cancelAll(Predicate<TaskInfo> wanted, String reason, @Nullable String by) {
        var answers = new ConcurrentHashMap<String, Cancellation.Answer>();
        var matches = new OneAtATime<>(core.environment(), wanted);
        Fork.forEach(core.environment(), "windlass-cancel", new Census(core).openTasks(name), CANCELS_AT_ONCE, id -> {
            TaskDocument document = core.tasks().readDocument(id);
            if (document == null || !document.queue().equals(name) || document.state().isFinal()
                    || !matches.test(core.payloads().info(document))) {
                return;
            }
            try {
                answers.put(id, cancellation.cancel(id, reason, by));
            } catch (TaskNotFoundException e) {
                answers.put(id, Cancellation.Answer.ENDED); // it went meanwhile
            }
        });
        return new CancelReport(count(answers.values(), Cancellation.Answer.CANCELLED),
                count(answers.values(), Cancellation.Answer.ASKED), count(answers.values(), Cancellation.Answer.ENDED));
    }

    private static int count(Collection<Cancellation.Answer> answers, Cancellation.Answer wanted) {
        return (int) answers.stream().filter(answer -> answer == wanted).count();
    }

    @Override
    public boolean redrive(String id, String reason) {
        return new Redrive(core).redrive(checkId(id), reason);
    }

    @Override
    public List<DeadLetter> deadLetters(int limit) {
        return new Redrive(core).deadLetters(name, limit);
    }

    @Override
    public boolean expire(String id) {
        TaskVersion version = core.tasks().read(checkId(id));
        while (version != null) {
            TaskDocument document = version.document();
            if (document == null || !document.isExpired(core.clock())) {
                return document != null && document.state() == TaskState.EXPIRED;
            }
            if (new Expiry(core).tryExpire(version, document)) {
                return true;
            }
            version = core.tasks().read(id);
        }
        return false;
    }

    /** An id is part of a key: anything but letters, digits and dashes is no id of ours. */
    static String checkId(String id) {
        if (id.isEmpty() || id.length() > 100 || !id.chars()
                .allMatch(
                        c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) {
            throw new InvalidInputException("\"" + (id.length() > 40 ? id.substring(0, 40) + "…" : id)
                    + "\" is no task id. Ids are letters, digits and dashes, as submit printed them.");
        }
        return id;
    }

    @Override
    public QueueStats stats() {
        return stats(Integer.MAX_VALUE);
    }

    @Override
    public QueueStats stats(int limit) {
        if (limit < 1) {
            throw new InvalidInputException("The limit is " + limit + ". Use 1 or more.");
        }
        List<String> levels = core.documents().names(Keys.readyQueue(name));
        long due = 0;
        long scheduled = 0;
        Instant oldest = null;
        Instant now = core.clock().now();
        for (String level : levels) {
            String after = null;
            long seen = 0;
            while (true) {
                ListPage page = core.documents().list(Keys.readyQueue(name) + level + '/', after, PAGE);
                for (ListPage.Entry entry : page.entries()) {
                    ReadyKey key = ReadyKey.parse(entry.key());
                    if (key == null || key.wake()) {
                        continue;
                    }
                    if (key.due().isAfter(now)) {
                        scheduled++;
                    } else {
                        due++;
                        oldest = oldest == null || key.due().isBefore(oldest) ? key.due() : oldest;
                    }
                }
                seen += page.entries().size();
                if (!page.more() || page.entries().isEmpty() || seen >= limit) {
                    break;
                }
                after = page.entries().getLast().key();
            }
        }
        return new QueueStats(name, due, scheduled, oldest == null ? null : Duration.between(oldest, now));
    }

    @Override
    public List<ClaimedTask> claim(ClaimOptions options) {
        return manual.claim(options);
    }

    @Override
    public ClaimedTask claimed(String id, String token) {
        checkId(id);
        if (!Keys.isWriteId(token)) {
            throw new InvalidInputException("\"" + (token.length() > 40 ? token.substring(0, 40) + "…" : token)
                    + "\" is no token of a claim. Tokens are 16 letters and digits, as claim printed them.");
        }
        return new DefaultClaimedTask(core, id, token);
    }

    @Override
    public boolean isDrained() {
        return new DrainCheck(core, name).isDrained();
    }

    @Override
    public List<TaskInfo> peek(int limit) {
        return Waiting.peek(core, name, limit);
    }

    @Override
    public void pause(String reason, @Nullable String by) {
        new Pauses(core, name).pause(null, reason, by);
    }

    @Override
    public void pauseType(String type, String reason, @Nullable String by) {
        Keys.segment("name of the task type", type);
        new Pauses(core, name).pause(type, reason, by);
    }

    @Override
    public boolean resume() {
        return new Pauses(core, name).resume(null);
    }

    @Override
    public boolean resumeType(String type) {
        Keys.segment("name of the task type", type);
        return new Pauses(core, name).resume(type);
    }

    @Override
    public PauseState pauses() {
        return new Pauses(core, name).state();
    }
}
