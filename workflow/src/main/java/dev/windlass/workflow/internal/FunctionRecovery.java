package dev.windlass.workflow.internal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.environment.Strand;
import dev.windlass.queue.spi.EngineAccess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What earlier owners of a run of a durable function have recorded: the checkpoint and the names of the step objects at the
 * same time, then those objects that the checkpoint does not hold.
 *
 * @param outcomes by the step's name as a segment of a key
 * @param checkpoint the last checkpoint, for what it says of open steps
 */
record FunctionRecovery(Map<String, StepOutcome> outcomes, Checkpoint checkpoint) {
    private static final int READING_AT_ONCE = 32;
    private static final Logger LOG = LoggerFactory.getLogger(FunctionRecovery.class);

    static final FunctionRecovery NOTHING = new FunctionRecovery(Map.of(), Checkpoint.NONE);

    /** The last position of which something is recorded; -1 if none is. */
    int lastPosition() {
        int last = -1;
        for (StepOutcome outcome : outcomes.values()) {
            Asked asked = outcome.asked();
            if (asked != null) {
                last = Math.max(last, asked.position());
            }
        }
        return last;
    }

    static FunctionRecovery read(FunctionRun run) throws InterruptedException {
        AtomicReference<Checkpoint> read = new AtomicReference<>(Checkpoint.NONE);
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        Strand reader = run.engine().environment().start("windlass-checkpoint", () -> {
            try {
                read.set(Checkpoint.read(run));
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        List<String> listed = segments(run.engine(), run.keys());
        reader.join();
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        Map<String, StepOutcome> known = new LinkedHashMap<>();
        read.get().outcomes()
                .forEach((name, outcome) -> known.put(run.engine().keySegment("step name", name), outcome));
        List<String> tail = listed.stream().filter(segment -> !known.containsKey(segment)).toList();
        Map<String, StepOutcome> found = new ConcurrentHashMap<>();
        Fanout.forEach(run.engine().environment(), "windlass-recover", READING_AT_ONCE, tail, segment -> {
            StepRecords.Stored stored = run.records().read(segment);
            if (stored != null) {
                found.put(segment, stored.outcome());
            }
        });
        known.putAll(found);
        LOG.info("{}: taken over by attempt {}; {} steps are recorded ({} read one by one)", run.label(),
                run.claim().attempt(), known.size(), tail.size());
        return new FunctionRecovery(known, read.get());
    }

    /** The outcomes so far, by name, in the order in which they were asked for. Reads them one by one. */
    static Map<String, StepOutcome> open(EngineAccess engine, RunKeys keys, StepRecords records)
            throws InterruptedException {
        Map<String, StepOutcome> found = new ConcurrentHashMap<>();
        Fanout.forEach(engine.environment(), "windlass-steps", READING_AT_ONCE, segments(engine, keys), segment -> {
            StepRecords.Stored stored = records.read(segment);
            if (stored != null) {
                found.put(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8), stored.outcome());
            }
        });
        Map<String, StepOutcome> ordered = new LinkedHashMap<>();
        found.entrySet().stream().sorted(Comparator.comparingInt((Map.Entry<String, StepOutcome> entry) -> {
            Asked asked = entry.getValue().asked();
            return asked == null ? Integer.MAX_VALUE : asked.position();
        }).thenComparing(Map.Entry::getKey)).forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        return ordered;
    }

    private static List<String> segments(EngineAccess engine, RunKeys keys) {
        String prefix = keys.steps();
        return engine.documents().keys(prefix).stream().filter(key -> key.endsWith(".json"))
                .map(key -> key.substring(prefix.length(), key.length() - ".json".length())).toList();
    }
}
