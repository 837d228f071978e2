package dev.windlass.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.windlass.environment.Monitor;
import dev.windlass.queue.AuditReport;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskInfo;
import dev.windlass.store.ListPage;
import dev.windlass.store.StoredObject;

/**
 * Walks {@code tasks/}, {@code ready/} and {@code dead/}, finds what the invariants exclude, and repairs what can be
 * (docs/protocol.md, "Audit"): what a crash between a submission's two puts leaves, above all. One LIST per thousand keys
 * and one GET per task.
 */
final class Audit {
    private static final int PARALLEL = 32;
    private static final int PAGE = 1000;
    private static final int MOST = 1000;

    private final Core core;
    private final boolean repair;
    private final ReadyKeyJudge judge;
    private final ClaimResolver resolver;
    private final Monitor monitor;
    private final List<AuditReport.Finding> findings = new ArrayList<>();
    private final AtomicLong tasks = new AtomicLong();
    private final AtomicLong readyKeys = new AtomicLong();
    private final AtomicLong repaired = new AtomicLong();

    Audit(Core core, boolean repair) {
        this.core = core;
        this.repair = repair;
        this.judge = new ReadyKeyJudge(core);
        this.resolver = new ClaimResolver(core);
        this.monitor = core.environment().newMonitor();
    }

    AuditReport run() {
        walk(Keys.TASKS, entry -> {
            String id = Keys.taskIdOf(entry.key());
            if (id != null) {
                checkTask(id, entry);
            }
        });
        walk(Keys.READY, this::checkReadyKey);
        walk(Keys.DEAD, this::checkDead);
        monitor.lock();
        try {
            return new AuditReport(tasks.get(), readyKeys.get(), findings, repaired.get());
        } finally {
            monitor.unlock();
        }
    }

    /** Reads tasks, newest ids last, until enough of them match. */
    static List<TaskInfo> find(Core core, Predicate<TaskInfo> wanted, int limit) {
        var found = new ArrayList<TaskInfo>();
        var matches = new OneAtATime<>(core.environment(), wanted);
        Monitor monitor = core.environment().newMonitor();
        String after = null;
        while (true) {
            ListPage page = core.documents().list(Keys.TASKS, after, PAGE);
            Fork.forEach(core.environment(), "windlass-find", page.entries(), PARALLEL, entry -> {
                StoredObject object = core.documents().read(entry.key());
                String id = Keys.taskIdOf(entry.key());
                TaskDocument document = object == null || id == null ? null : TaskDocument.parse(object.body(), id);
                if (document == null || document.state() == TaskState.TOMBSTONE
                        || document.state() == TaskState.REMOVED) {
                    return;
                }
                TaskInfo info = core.payloads().info(document); // decoded once, whoever looks at it
                if (matches.test(info)) {
                    monitor.lock();
                    try {
                        found.add(info);
                    } finally {
                        monitor.unlock();
                    }
                }
            });
            if (!page.more() || page.entries().isEmpty() || found.size() >= limit) {
                found.sort(java.util.Comparator.comparing(TaskInfo::createdAt).thenComparing(TaskInfo::id));
                return found.size() > limit ? found.subList(0, limit) : found;
            }
            after = page.entries().getLast().key();
        }
    }

    private void walk(String prefix, Consumer<ListPage.Entry> check) {
        String after = null;
        while (true) {
            ListPage page = core.documents().list(prefix, after, PAGE);
            Fork.forEach(core.environment(), "windlass-audit", page.entries(), PARALLEL, check);
            if (!page.more() || page.entries().isEmpty()) {
                return;
            }
            after = page.entries().getLast().key();
        }
    }

    private void checkTask(String id, ListPage.Entry entry) {
        tasks.incrementAndGet();
        TaskVersion version = core.tasks().read(id);
        if (version == null) {
            return;
        }
        TaskDocument document = version.document();
        if (document == null) {
            add("poison", entry.key(), "Its " + entry.size() + " bytes are no task that this version can read.", false);
            return;
        }
        String readyKey = document.readyKey();
        if (document.state() == TaskState.PENDING && readyKey != null && core.documents().read(readyKey) == null) {
            // Between the two reads it may have been claimed: only the same version again makes it a finding.
            TaskDocument again = core.tasks().readDocument(id);
            if (again != null && again.writeId().equals(document.writeId())) {
                if (repair) {
                    core.ready().add(readyKey); // index after state is right here: the state stands
                }
                add("no-ready-key", entry.key(), "It is pending, and its ready key " + readyKey + " is missing.",
                        repair);
            }
        } else if (document.state() == TaskState.RUNNING) {
            checkLease(document, entry);
        }
    }

    private void checkLease(TaskDocument document, ListPage.Entry entry) {
        String leaseId = document.leaseId();
        String claim = document.claimWriteId();
        String worker = document.workerId();
        if (leaseId == null || claim == null) {
            return;
        }
        StoredObject object = core.documents().read(Keys.lease(leaseId));
        LeaseDocument lease = object == null ? null : LeaseDocument.parse(object.body());
        if (lease != null && lease.claims().stream().anyMatch(listed -> listed.claimWriteId().equals(claim))) {
            return;
        }
        TaskDocument again = core.tasks().readDocument(document.id());
        if (again != null && again.isOwnedBy(claim)) {
            if (repair) {
                resolver.resolve(document.id(), claim, worker == null ? "" : worker, new Settlement.Verdict.Failed(
                        new TaskError("lease-lost", "no lease covered the attempt", null), false, "lease-lost"));
            }
            add("no-lease", entry.key(), "It is running, and the lease " + leaseId + " does not list its claim.",
                    repair);
        }
    }

    private void checkReadyKey(ListPage.Entry entry) {
        if (Keys.isPauseMarker(entry.key())) {
            checkMarker(entry);
            return;
        }
        readyKeys.incrementAndGet();
        ReadyKey key = ReadyKey.parse(entry.key());
        if (key == null) {
            add("orphan-key", entry.key(), "It is no key of this format.", false);
            return;
        }
        Duration age = Duration.between(entry.lastModified(), core.clock().now());
        if (age.compareTo(core.grace()) <= 0) {
            return;
        }
        TaskVersion version = core.tasks().read(key.taskId());
        TaskDocument document = version == null ? null : version.document();
        boolean named = document != null && entry.key().equals(document.readyKey());
        boolean poison = version != null && document == null;
        if (named || poison || (key.wake() && document != null && !document.state().isFinal())) {
            return;
        }
        boolean removed = repair
                && judge.judge(key, entry.lastModified(), version) == ReadyKeyJudge.Judgement.GARBAGE;
        add("orphan-key", entry.key(), "No task names it.", removed);
    }

    /** A marker of a pause that the queue's state does not name. */
    private void checkMarker(ListPage.Entry entry) {
        Duration age = Duration.between(entry.lastModified(), core.clock().now());
        if (age.compareTo(core.grace()) <= 0) {
            return;
        }
        StoredObject object = core.documents().read(Keys.pauses(Keys.queueOf(entry.key())));
        PauseDocument document = object == null ? null : PauseDocument.parse(object.body());
        if (document != null && entry.key().endsWith('.' + document.writeId())) {
            return;
        }
        if (repair) {
            core.documents().delete(entry.key());
        }
        add("stale-pause-marker", entry.key(), "Nothing is paused by it.", repair);
    }

    private void checkDead(ListPage.Entry entry) {
        String name = entry.key().substring(entry.key().lastIndexOf('/') + 1);
        int dot = name.indexOf('.');
        String id = name.length() > 14 ? name.substring(14, dot < 0 ? name.length() : dot) : "";
        if (id.isEmpty() || Duration.between(entry.lastModified(), core.clock().now()).compareTo(core.grace()) <= 0) {
            return;
        }
        TaskVersion version = core.tasks().read(id);
        TaskDocument document = version == null ? null : version.document();
        boolean poison = version != null && document == null;
        String writeId = name.substring(dot + 1);
        if (poison || (document != null && document.state() == TaskState.FAILED
                && document.history().stream().anyMatch(transition -> transition.writeId().equals(writeId)))) {
            return;
        }
        // The failure that the entry announces may still be on its way: the touch stops it, and it comes with a new entry.
        boolean removed = repair && (version == null || document == null || document.state().isFinal()
                || judge.touch(version, document));
        if (removed) {
            core.documents().delete(entry.key());
        }
        add("stale-dead-entry", entry.key(), "Its task has not failed by that try.", removed);
    }

    private void add(String kind, String key, String detail, boolean isRepaired) {
        repaired.addAndGet(isRepaired ? 1 : 0);
        monitor.lock();
        try {
            if (findings.size() < MOST) {
                findings.add(new AuditReport.Finding(kind, key, detail, isRepaired));
            }
        } finally {
            monitor.unlock();
        }
    }

}
