package dev.windlass.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

import dev.windlass.TaskCancelledException;
import dev.windlass.TaskFailedException;
import dev.windlass.Windlass;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Role;
import dev.windlass.doctor.Verdict;
import dev.windlass.environment.Environment;
import dev.windlass.queue.AuditReport;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.ParkState;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.Scheduler;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.schedule.Schedules;
import dev.windlass.schema.Schemas;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.FunctionHandle;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowEndedException;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;

/**
 * A bucket in which every role does all that it ever does, each under its own policy: the usual, and what comes of lost
 * answers, dead workers, orphan keys and broken indexes.
 */
final class IamWorld implements AutoCloseable {
    static final String BUCKET = "jobs";
    static final String PREFIX = "team";
    static final TaskType<String, String> ECHO = TaskType.of("echo", String.class, String.class);
    static final TaskType<String, String> SLOW = TaskType.of("slow", String.class, String.class);
    private static final TaskType<String, String> BROKEN = TaskType.of("broken", String.class, String.class);
    private static final TaskType<String, String> UNSTEADY = TaskType.of("unsteady", String.class, String.class);
    static final WorkflowType<String, String> FUNCTION = WorkflowType.of("waits", String.class, String.class);
    private static final String QUEUE = "q";
    private static final String LARGE = "x".repeat(300_000);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final SubmitOptions LATER = SubmitOptions.ofDefaults().withDelay(Duration.ofHours(5));

    private final PolicedS3 s3 = new PolicedS3(BUCKET);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<Role, List<PolicedS3.Client>> clients = new EnumMap<>(Role.class);
    private final CountDownLatch release = new CountDownLatch(1);

    /** A process with the credentials of a role. */
    record Site(PolicedS3.Client client, Windlass windlass) {
        TaskQueue queue() {
            return windlass.queue(QUEUE);
        }

        Workflows workflows() {
            return Workflows.on(windlass.engine());
        }

        TaskStatus status(TaskHandle<String> task) {
            return Objects.requireNonNull(queue().get(task.id()), task.id()).status();
        }
    }

    PolicedS3 s3() {
        return s3;
    }

    /** Lets slow tasks end. */
    void release() {
        release.countDown();
    }

    Site connect(Role role) throws IOException {
        PolicedS3.Client client = s3.client(IamPolicy.of(role, BUCKET, PREFIX));
        clients.computeIfAbsent(role, each -> new ArrayList<>()).add(client);
        Windlass windlass = Windlass.builder().patience(Duration.ofSeconds(5)).check(Schemas.check())
                .over(client.store(PREFIX));
        open.push(windlass);
        return new Site(client, windlass);
    }

    /** What each role has asked for, but for what it has asked on behalf of others. */
    Map<Role, List<PolicedS3.Asked>> live() throws Exception {
        Site operator = connect(Role.OPERATOR);
        assertThat(operator.windlass.initialise(2)).isTrue();
        Site submitter = connect(Role.SUBMITTER);
        Site reader = connect(Role.READER);

        schemas(operator, reader);
        queueOfTasks(submitter, operator);
        workflow(submitter, operator, reader);
        functions(submitter, operator, reader);
        schedules(submitter, operator, reader);
        deadWorkers(submitter, operator, reader);
        repairs(submitter, operator);
        examination(operator);

        var asked = new EnumMap<Role, List<PolicedS3.Asked>>(Role.class);
        clients.forEach((role, each) -> asked.put(role, each.stream().flatMap(client -> client.asked().stream())
                .filter(one -> !(one.arn() + ' ' + one.listed()).contains("/doctor-")).toList()));
        return asked;
    }

    Worker start(Site site, String id) {
        return site.windlass.worker().queue(QUEUE).id(id).lease(Duration.ofSeconds(8), Duration.ofSeconds(1))
                .poll(Duration.ofMillis(5), Duration.ofMillis(100)).handle(ECHO, (task, input) -> {
                    task.print("said on the way");
                    return input;
                }).handle(SLOW, (task, input) -> {
                    release.await();
                    return input;
                }).handle(BROKEN, (task, input) -> {
                    throw new PermanentFailure("no");
                }).handle(UNSTEADY, (task, input) -> {
                    if (task.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return input;
                }).start();
    }

    static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
            if (Thread.currentThread().isInterrupted()) { // by the test's time limit
                throw new AssertionError("what was waited for has not come");
            }
        }
    }

    /** One that is published, looked at and taken back, and one that stays. */
    private static void schemas(Site operator, Site reader) {
        Schemas changed = Schemas.on(operator.windlass);
        changed.publish("retired", "true", null, "ada");
        changed.publish(ECHO.name(), "{\"type\": \"string\"}", null, "ada");
        assertThat(changed.delete("retired")).isTrue();
        for (Site looking : List.of(operator, reader)) {
            assertThat(Schemas.on(looking.windlass).list()).hasSize(1);
            assertThat(Schemas.on(looking.windlass).get("none")).isNull();
        }
    }

    /** Submits, duplicates, results of all kinds, cancels; lost puts, and a ready key whose task never came. */
    private void queueOfTasks(Site submitter, Site operator) throws Exception {
        TaskQueue queue = submitter.queue();
        submitter.client.loseNextPut(key -> key.contains("/tasks/"));
        TaskHandle<String> found = queue.submit(ECHO, "its first put is lost");
        SubmitOptions keyed = SubmitOptions.ofDefaults().withIdempotencyKey("order 17");
        TaskHandle<String> once = queue.submit(ECHO, "once", keyed);
        assertThat(queue.submit(ECHO, "once", keyed).id()).isEqualTo(once.id());
        SubmitOptions debounced = LATER.withDebounce(Debounce.moveDueTime("burst"));
        assertThat(queue.submit(ECHO, "burst", debounced).id()).isEqualTo(queue.submit(ECHO, "burst", debounced).id());
        TaskHandle<String> large = queue.submit(ECHO, LARGE);
        TaskHandle<String> broken = queue.submit(BROKEN, "fails");
        TaskHandle<String> unsteady = queue.submit(UNSTEADY, "fails once",
                SubmitOptions.ofDefaults().withRetry(RetryPolicy.fixed(3, Duration.ofMillis(1))));
        TaskHandle<String> later = queue.submit(ECHO, "later", LATER);
        assertThat(later.cancel("not needed")).isTrue();
        s3.plant(PREFIX + "/ready/q/5/1700000000000-01b8dac5-b500-7000-8000-000000000017.1.aaaaaaaaaaaaaaaa", "",
                Duration.ZERO);

        Site site = connect(Role.WORKER);
        site.client.loseNextPut(key -> key.contains("/leases/"));
        site.client.afterPut(key -> {
            if (key.contains("/dead/")) { // the end of the claim meets a cancel request, and is tried anew
                site.client.afterPut(other -> {});
                assertThat(operator.queue().cancel(broken.id(), "too late")).isTrue();
            }
        });
        Worker worker = start(site, "mailer-1");
        SubmitOptions follow = LATER.withDebounce(Debounce.moveDueTime("what a handler submits"));
        assertThat(site.queue().submit(ECHO, "burst", follow).id())
                .isEqualTo(site.queue().submit(ECHO, "burst", follow).id());
        assertThat(found.await(LONG)).isEqualTo("its first put is lost");
        assertThat(once.await(LONG)).isEqualTo("once");
        assertThat(large.await(LONG)).isEqualTo(LARGE);
        for (Site looking : List.of(submitter, operator, site)) {
            assertThat(looking.queue().handle(ECHO, once.id()).output().lines()).containsExactly("said on the way");
        }
        assertThat(unsteady.await(LONG)).isEqualTo("fails once");
        assertThatThrownBy(() -> broken.await(LONG)).isInstanceOf(TaskFailedException.class);
        until(() -> asked(site, "s3:ListBucket", "000000000017.json"));
        until(() -> asked(site, "s3:DeleteObject", "/dead/"));
        assertThat(worker.drain(LONG)).isTrue();
        assertThat(operator.queue().handle(ECHO, large.id()).await(LONG)).isEqualTo(LARGE);
    }

    private static boolean asked(Site site, String action, String part) {
        return site.client.asked().stream().anyMatch(each -> each.action().equals(action)
                && (each.arn().contains(part) || String.valueOf(each.listed()).contains(part)));
    }

    /** A run that parks while a step is elsewhere, and is taken up again. */
    private void workflow(Site submitter, Site operator, Site reader) throws Exception {
        DagDefinition dag = DagDefinition.builder("g").step("near", "near", null).step("far", "far", null, "near")
                .step("last", "large", null, "far").build();
        StepHandler body = (step, input, parents) -> parents.size();
        submitter.client.loseNextPut(key -> key.endsWith("/state.json"));
        WorkflowHandle handle = submitter.workflows().start(dag, "w");
        Site owning = connect(Role.WORKER);
        Workflows near = owning.workflows().stepType("near", body).stepType("large",
                (step, input, parents) -> LARGE);
        Site helping = connect(Role.WORKER);
        Workflows far = helping.workflows().stepType("far", body);
        try (Worker owner = near.worker(owning.windlass.worker().poll(Duration.ofMillis(5), Duration.ofMillis(50)),
                WorkerOptions.ofDefaults().withParkAfter(Duration.ofMillis(50))).start()) {
            until(() -> handle.status() == WorkflowStatus.WAITING);
            for (Site site : List.of(operator, reader)) {
                assertThat(site.workflows().handle("w").steps()).hasSize(1);
            }
            try (Worker helper = far.worker(helping.windlass.worker().poll(Duration.ofMillis(5),
                    Duration.ofMillis(50))).start()) {
                assertThat(Objects.requireNonNull(handle.await(LONG).get("last")).asString()).isEqualTo(LARGE);
                assertThat(helper.isRunning()).isTrue();
            }
            assertThat(owner.isRunning()).isTrue();
        }
        for (Site site : List.of(operator, reader)) {
            assertThat(site.workflows().handle("w").status()).isEqualTo(WorkflowStatus.COMPLETED);
            assertThat(site.workflows().handle("w").steps()).hasSize(3);
        }
    }

    /** Runs of a durable function: signals before the start, to a parked run and after the end; runs that are held and ended. */
    private void functions(Site submitter, Site operator, Site reader) throws Exception {
        submitter.workflows().signal("f", "go", "first", "s1");
        FunctionHandle<String> handle = submitter.workflows().start(FUNCTION, "f", "x");
        FunctionHandle<String> held = submitter.workflows().start(FUNCTION, "held", "x");
        FunctionHandle<String> other = submitter.workflows().start(FUNCTION, "other", "x");
        other.run().pause("wait");
        other.run().resume();
        Site working = connect(Role.WORKER);
        Workflows workflows = working.workflows().workflow(FUNCTION, (ctx, input) -> {
            StepOptions once = StepOptions.ofDefaults().withAtMostOnce();
            return ctx.step("begun", String.class, once, step -> input) + ctx.awaitSignal("go", String.class)
                    + ctx.awaitSignal("go", String.class);
        });
        try (Worker worker = workflows.worker(working.windlass.worker().poll(Duration.ofMillis(5),
                Duration.ofMillis(50))).start()) {
            until(() -> handle.status() == WorkflowStatus.WAITING && asked(working, "s3:DeleteObject", "/signals/"));
            assertThat(handle.signal("go", "second", "s2")).isEqualTo("s2");
            assertThat(handle.await(LONG)).isEqualTo("xfirstsecond");
            until(() -> submitter.windlass.engine().parkState(submitter.windlass.engine().deriveTaskId("workflow",
                    "f/1")).kind() == ParkState.Kind.ENDED);
            for (Site site : List.of(submitter, operator)) {
                assertThatThrownBy(() -> site.workflows().signal("f", "go", "third", "s3"))
                        .isInstanceOf(WorkflowEndedException.class);
            }
            assertThat(reader.workflows().handle("f").steps()).hasSize(3);
            assertThat(reader.workflows().find(info -> true, 10)).hasSize(4);

            assertThat(other.cancel("not needed")).isTrue();
            assertThatThrownBy(() -> other.await(LONG)).isInstanceOf(TaskCancelledException.class);
            WorkflowHandle operated = operator.workflows().handle("held");
            operated.pause("look");
            operated.resume();
            assertThat(operated.terminate("enough")).isTrue();
            assertThat(held.status()).isEqualTo(WorkflowStatus.CANCELLED);
            WorkflowHandle again = operated.retry();
            again.signal("go", "a", "a");
            again.signal("go", "b", "b");
            assertThat(submitter.workflows().handle(FUNCTION, "held").await(LONG)).isEqualTo("xab");
            WorkflowHandle forked = submitter.workflows().handle("held").fork("begun");
            assertThat(forked.cancel("seen")).isTrue();
            assertThatThrownBy(() -> forked.await(LONG)).isInstanceOf(TaskCancelledException.class);
            assertThat(worker.isRunning()).isTrue();
        }
    }

    /** A schedule that is created, fired by a worker, looked at, and changed. */
    private void schedules(Site submitter, Site operator, Site reader) throws IOException {
        Schedules created = Schedules.on(submitter.windlass);
        created.create("tick", Cron.parse("* * * * * ?"), ZoneOffset.UTC, ScheduleTarget.task("ticks", ECHO, "tick"));
        assertThat(created.trigger("tick")).isNotEmpty();
        Site working = connect(Role.WORKER);
        try (Scheduler scheduler = Schedules.on(working.windlass)
                .scheduler(SchedulerOptions.ofDefaults().withLook(Duration.ofMillis(200)))) {
            until(() -> scheduler.fired() > 1);
        }
        assertThat(Schedules.on(reader.windlass).list()).hasSize(1);
        Schedules changed = Schedules.on(operator.windlass);
        assertThat(changed.list()).hasSize(1);
        assertThat(changed.pause("tick").paused()).isTrue();
        assertThat(changed.delete("tick")).isTrue();
    }

    /** Workers that are cut off while tasks run: one is recovered by a worker, one by the operator, one is retired. */
    private void deadWorkers(Site submitter, Site operator, Site reader) throws Exception {
        submitter.queue().submit(ECHO, "waits", LATER);
        TaskHandle<String> first = submitter.queue().submit(SLOW, "for a worker");
        Site one = connect(Role.WORKER);
        Worker running = start(one, "dies-1");
        until(() -> reader.status(first) == TaskStatus.RUNNING);
        for (Site looking : List.of(submitter, operator, one)) {
            assertThat(looking.queue().handle(SLOW, first.id()).progress()).isNull();
        }
        look(reader, first.id());
        one.client.cut();
        Runnable back = s3.uproot(s3.keys(PREFIX + "/leases/").getFirst());
        assertThat(reader.windlass.audit(false).findings()).extracting(AuditReport.Finding::key)
                .anyMatch(key -> key.contains(first.id()));
        back.run();
        assertThat(operator.queue().cancel(first.id(), "heard by nobody")).isTrue();

        TaskHandle<String> second = submitter.queue().submit(SLOW, "for the operator",
                SubmitOptions.ofDefaults().withRetry(RetryPolicy.none()));
        Site two = connect(Role.WORKER);
        Worker alsoRunning = start(two, "dies-2");
        until(() -> reader.status(second) == TaskStatus.RUNNING);
        TaskHandle<String> third = submitter.queue().submit(SLOW, "is cancelled",
                SubmitOptions.ofDefaults().withRetry(RetryPolicy.none()));
        until(() -> reader.status(third) == TaskStatus.RUNNING);
        assertThat(operator.queue().cancel(third.id(), "heard")).isTrue();
        two.client.cut();

        s3.jump(Duration.ofHours(1));
        Site sweeping = connect(Role.WORKER);
        assertThat(sweeping.windlass.sweep(true).toString()).isNotEmpty();
        assertThatThrownBy(() -> first.await(LONG)).isInstanceOf(TaskCancelledException.class);
        assertThat(s3.keys(PREFIX + "/leases/")).isEmpty();
        assertThatThrownBy(() -> second.await(LONG)).isInstanceOf(TaskFailedException.class);

        TaskHandle<String> fourth = submitter.queue().submit(SLOW, "for the operator",
                SubmitOptions.ofDefaults().withRetry(RetryPolicy.none()));
        TaskHandle<String> fifth = submitter.queue().submit(SLOW, "goes on");
        Site three = connect(Role.WORKER);
        Worker last = start(three, "dies-3");
        until(() -> reader.status(fourth) == TaskStatus.RUNNING && reader.status(fifth) == TaskStatus.RUNNING);
        three.client.cut();
        operator.windlass.retire("dies-3");
        assertThatThrownBy(() -> fourth.await(LONG)).isInstanceOf(TaskFailedException.class);
        assertThat(operator.status(fifth)).isEqualTo(TaskStatus.PENDING);
        assertThat(operator.queue().cancel(fifth.id(), "enough")).isTrue();
        release.countDown();
        for (Worker each : List.of(running, alsoRunning, last)) {
            each.drain(Duration.ZERO);
        }
    }

    /** All that a reader looks at. */
    private static void look(Site reader, String running) throws InterruptedException {
        assertThat(reader.windlass.queues()).contains(QUEUE);
        assertThat(reader.queue().stats().toString()).isNotEmpty();
        assertThat(reader.windlass.find(task -> task.id().equals(running), 10)).hasSize(1);
        String large = reader.windlass.find(task -> task.status() == TaskStatus.COMPLETED && task.output() == null
                && task.type().equals(ECHO.name()), 1).getFirst().id();
        assertThat(reader.queue().handle(ECHO, large).await(LONG)).isEqualTo(LARGE);
        assertThat(reader.windlass.audit(false).toString()).isNotEmpty();
        assertThat(reader.queue().handle(SLOW, running).progress()).isNull();
        assertThat(reader.queue().handle(ECHO, large).output().lines()).containsExactly("said on the way");
        assertThat(reader.queue().pauses().isNone()).isTrue();
        assertThat(reader.queue().peek(10)).isNotEmpty();
        assertThat(reader.queue().deadLetters(10)).isNotEmpty();
        assertThat(reader.windlass.workers()).anyMatch(worker -> worker.tasks().contains(running));
    }

    /** Indexes that have come apart, and an audit that mends them. */
    private void repairs(Site submitter, Site operator) {
        TaskHandle<String> waiting = submitter.queue().submit(ECHO, "its key goes", LATER);
        String readyKey = s3.keys(PREFIX + "/ready/").stream().filter(key -> key.contains(waiting.id())).findFirst()
                .orElseThrow();
        s3.uproot(readyKey);
        s3.plant(PREFIX + "/dead/q/1700000000000-" + waiting.id() + ".bbbbbbbbbbbbbbbb",
                "{\"id\":\"" + waiting.id() + "\"}", Duration.ofHours(2));
        s3.plant(PREFIX + "/ready/q/5/1700000000000-" + waiting.id() + ".1.cccccccccccccccc", "", Duration.ofHours(2));
        assertThat(operator.windlass.audit(true).findings()).isNotEmpty();
        assertThat(s3.keys(PREFIX + "/ready/")).contains(readyKey);
        assertThat(operator.windlass.sweep(true).toString()).isNotEmpty();
        assertThat(operator.queue().stats().toString()).isNotEmpty();
        assertThat(operator.windlass.find(task -> true, 1000)).isNotEmpty();
        assertThat(operator.queue().cancel(waiting.id(), "done with")).isTrue();
        operator.queue().pause("upkeep", "ada");
        assertThat(operator.queue().resume()).isTrue();
        assertThat(operator.queue().redrive(waiting.id(), "needed after all")).isTrue();
        assertThat(operator.queue().cancelAll(task -> task.id().equals(waiting.id()), "or not", "ada").cancelled())
                .isOne();
        assertThat(operator.queue().deadLetters(10)).isNotEmpty();
        assertThat(operator.windlass.workers()).isNotEmpty();
    }

    private static void examination(Site operator) throws InterruptedException {
        try (S3ObjectStore store = operator.client.store(PREFIX)) {
            Checkup checkup = Doctor.of(Environment.system()).withClients(2).withRounds(2).withLoad(Duration.ZERO)
                    .examine(store);
            assertThat(checkup.fit()).as(checkup.toString()).isTrue();
            assertThat(checkup.check("role-operator").found())
                    .isEqualTo("nothing is known to be refused; not known: GET payloads/*");
            assertThat(checkup.check("role-worker").verdict()).isEqualTo(Verdict.NOTE);
            assertThat(checkup.check("versions").verdict()).isEqualTo(Verdict.GOOD);
            assertThat(checkup.check("expiry").verdict()).isEqualTo(Verdict.GOOD);
        }
    }

    @Override
    public void close() throws Exception {
        release.countDown();
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
