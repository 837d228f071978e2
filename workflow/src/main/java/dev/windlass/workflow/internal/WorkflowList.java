package dev.windlass.workflow.internal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.store.NamesPage;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds workflows by reading the state of one after the other. */
final class WorkflowList {
    private static final int PAGE = 1000;
    private static final int READING_AT_ONCE = 32;

    private final EngineAccess engine;
    private final RunStates states;

    WorkflowList(EngineAccess engine, RunStates states) {
        this.engine = engine;
        this.states = states;
    }

    List<WorkflowInfo> find(Predicate<? super WorkflowInfo> wanted, int limit) throws InterruptedException {
        List<WorkflowInfo> found = new ArrayList<>();
        String after = null;
        boolean more = true;
        while (more && found.size() < limit) {
            NamesPage page = engine.documents().names("workflow/", after, PAGE);
            for (int from = 0; from < page.names().size() && found.size() < limit; from += READING_AT_ONCE) {
                List<String> segments = page.names().subList(from,
                        Math.min(page.names().size(), from + READING_AT_ONCE));
                Map<String, WorkflowInfo> read = read(segments);
                for (String segment : segments) {
                    WorkflowInfo info = read.get(segment);
                    if (info != null && found.size() < limit && wanted.test(info)) {
                        found.add(info);
                    }
                }
            }
            more = page.more() && !page.names().isEmpty();
            after = page.names().isEmpty() ? after : page.names().getLast();
        }
        return found;
    }

    private Map<String, WorkflowInfo> read(List<String> segments) throws InterruptedException {
        Map<String, WorkflowInfo> read = new ConcurrentHashMap<>();
        Fanout.forEach(engine.environment(), "windlass-list", READING_AT_ONCE, segments, segment -> {
            String id = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
            RunStates.State state = states.read(new RunKeys(id, 1, segment));
            if (state != null) {
                read.put(segment, info(id, state));
            }
        });
        return read;
    }

    static WorkflowInfo info(String id, RunStates.State state) {
        JsonNode ended = state.json().get("endedAt");
        return new WorkflowInfo(id, state.run(), state.status(), state.isFunction(),
                state.json().path("name").asString(""), Instant.ofEpochMilli(state.createdMillis()), time(ended),
                state.pauseReason(), state.cancelReason(),
                state.status() == WorkflowStatus.FAILED ? state.error() : null);
    }

    private static @Nullable Instant time(@Nullable JsonNode millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis.asLong(0));
    }
}
