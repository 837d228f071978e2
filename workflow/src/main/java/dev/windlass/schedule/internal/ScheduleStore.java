package dev.windlass.schedule.internal;

import java.util.List;
import java.util.function.Function;

import dev.windlass.WindlassException;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.Written;
import dev.windlass.schedule.ScheduleNotFoundException;
import dev.windlass.store.ListPage;
import dev.windlass.store.StoreException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes {@code schedules/{name}.json}; nothing else does. Safe for use by any number of threads. */
public final class ScheduleStore {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleStore.class);
    static final String PREFIX = "schedules/";

    private final EngineAccess engine;

    public ScheduleStore(EngineAccess engine) {
        this.engine = engine;
    }

    /**
     * A version of a schedule.
     *
     * @param object as it is in the store
     * @param document what it says
     */
    public record Version(StoredObject object, ScheduleDocument document) {}

    /** The key of a schedule. */
    public String key(String name) {
        return PREFIX + engine.keySegment("name of the schedule", name) + ".json";
    }

    /** A schedule as it stands, also a deleted one; null if there has never been one. One get. */
    public @Nullable Version read(String name) {
        return readKey(key(name));
    }

    @Nullable
    Version readKey(String key) {
        StoredObject object = engine.documents().read(key);
        return object == null ? null : version(object);
    }

    /** What an object says, or null if it is gone, or no schedule that this version can read. One get. */
    public @Nullable ScheduleDocument readable(String key) {
        try {
            Version version = readKey(key);
            return version == null ? null : version.document();
        } catch (WindlassException e) {
            if (e instanceof StoreException) {
                throw e;
            }
            LOG.warn("{} is left out: {}", key, e.getMessage());
            return null;
        }
    }

    private Version version(StoredObject object) {
        return new Version(object, ScheduleDocument.parse(engine.json(), object));
    }

    /** A schedule that is there. */
    public Version get(String name) {
        Version version = read(name);
        if (version == null || version.document().status() == ScheduleDocument.Status.DELETED) {
            throw new ScheduleNotFoundException(name, "There is no schedule \"" + name
                    + "\". Check the name; `windlass schedule list` shows those that there are.");
        }
        return version;
    }

    /** Creates one where there is none, not even a deleted one; null if there is. One put. */
    public @Nullable Version create(ScheduleDocument.Edit edit) {
        String writeId = engine.newWriteId();
        ScheduleDocument document = edit.build(writeId);
        return won(engine.documents().create(key(document.name()), document.bytes(engine.json()), writeId));
    }

    /** Replaces a version; null if another one has come. One put. */
    public @Nullable Version replace(Version base, ScheduleDocument.Edit edit) {
        String writeId = engine.newWriteId();
        ScheduleDocument document = edit.build(writeId);
        return won(engine.documents().replace(base.object(), document.bytes(engine.json()), writeId));
    }

    private @Nullable Version won(Written written) {
        return switch (written) {
            case Written.Won won -> version(won.current());
            case Written.Lost lost -> null;
        };
    }

    /** Changes one that is there, as often as others come in between. One get and one put. */
    public Version change(String name, Function<Version, ScheduleDocument.@Nullable Edit> change) {
        while (true) {
            Version version = get(name);
            ScheduleDocument.Edit edit = change.apply(version);
            if (edit == null) {
                return version;
            }
            Version changed = replace(version, edit);
            if (changed != null) {
                return changed;
            }
        }
    }

    /** All keys, with the times of their last writes; deleted ones too. One list per thousand. */
    public List<ListPage.Entry> list() {
        return engine.documents().entries(PREFIX);
    }
}
