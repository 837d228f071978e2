package dev.windlass.internal;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import dev.windlass.doctor.Check;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Verdict;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.StoreException;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks, before the first worker of a connection claims anything, whether the store keeps what tasks stand on
 * (docs/protocol.md, 5.8). What was found good is marked in the store, so that those who start later read one object.
 */
final class StartCheck {
    /** What is checked; grows when a check is added, so that older marks do not count. */
    private static final int LEVEL = 1;
    /** The server behind an address may be replaced. */
    private static final Duration VALID = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

    private final ObjectStore store;
    private final DefaultDocuments documents;
    private final StoreFormat format;
    private final StoreClock clock;
    private final Environment environment;
    private final Monitor monitor;
    private boolean passed;

    StartCheck(ObjectStore store, DefaultDocuments documents, StoreFormat format, StoreClock clock,
            Environment environment, boolean wanted) {
        this.store = store;
        this.documents = documents.withPatience(PATIENCE);
        this.format = format;
        this.clock = clock;
        this.environment = environment;
        this.monitor = environment.newMonitor();
        this.passed = !wanted;
    }

    /**
     * Returns when the store is good, or when that could not be found out.
     *
     * @throws StoreRefusedException if it is not
     */
    void pass() {
        if (hasPassed()) {
            return;
        }
        if (isMarked()) {
            setPassed();
            return;
        }
        Checkup checkup;
        try {
            checkup = Doctor.of(environment).glance(store);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!checkup.fit()) {
            throw new StoreRefusedException("The store at " + store.location() + " is not fit for tasks: "
                    + texts(checkup, Verdict.BAD) + ". Nothing was claimed. " + bad(checkup).getFirst().remedy()
                    + " windlass doctor looks closer.");
        }
        if (checkup.verdict() == Verdict.GOOD) {
            setPassed();
            mark();
        } else {
            LOG.warn(
                    "whether the store at {} is fit for tasks could not be seen, and is looked at again at the next start:"
                            + " {}",
                    store.location(), texts(checkup, Verdict.SKIPPED));
        }
    }

    private static List<Check> bad(Checkup checkup) {
        return checkup.checks().stream().filter(check -> check.verdict() == Verdict.BAD).toList();
    }

    private static String texts(Checkup checkup, Verdict verdict) {
        return checkup.checks().stream().filter(check -> check.verdict() == verdict).map(Check::found).distinct()
                .collect(Collectors.joining("; "));
    }

    private boolean isMarked() {
        try {
            StoredObject mark = documents.read(Keys.checked(store.location()));
            ObjectNode json = mark == null ? null : Json.object(mark.body());
            return mark != null && json != null && json.path("level").asInt(0) >= LEVEL
                    && json.path("location").asString("").equals(store.location())
                    && Duration.between(mark.lastModified(), clock.now()).compareTo(VALID) < 0;
        } catch (StoreException e) {
            LOG.debug("the mark of the last check could not be read: {}", e.getMessage());
            return false;
        }
    }

    private void mark() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("level", LEVEL);
        json.put("location", store.location());
        json.put("at", clock.now().toEpochMilli());
        try {
            format.ensureWritten(); // what tells whose place this is comes before anything that stays
            documents.put(Keys.checked(store.location()), Json.bytes(json));
        } catch (StoreRefusedException e) {
            LOG.warn("the store at {} is fit for tasks, but that could not be noted there, so that every worker looks"
                    + " again: {}", store.location(), e.getMessage());
        } catch (StoreException e) {
            LOG.debug("that the store is fit could not be noted: {}", e.getMessage());
        }
    }

    private boolean hasPassed() {
        monitor.lock();
        try {
            return passed;
        } finally {
            monitor.unlock();
        }
    }

    private void setPassed() {
        monitor.lock();
        try {
            passed = true;
        } finally {
            monitor.unlock();
        }
    }
}
