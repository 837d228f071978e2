package dev.windlass.workflow.internal;

import java.util.List;

import dev.windlass.workflow.DagStep;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The items of an open map step, and how many of them may be at work. Pure memory; the owner's thread only. */
final class MapItems {
    private final int map;
    private final int first;
    private final int count;
    private final int parallel;
    private JsonNode @Nullable [] items;
    private int next;
    private int admitted;
    private int left;

    /**
     * @param map the map step
     * @param first the step of the first item; those of the others follow
     * @param items the items
     * @param parallel how many may be at work at once; 0 for any number
     */
    MapItems(int map, int first, JsonNode[] items, int parallel) {
        this.map = map;
        this.first = first;
        this.count = items.length;
        this.parallel = parallel == 0 ? Integer.MAX_VALUE : parallel;
        this.items = items;
        this.left = items.length;
    }

    /** What the step of one item is called. */
    static String name(String map, int item) {
        return map + "[" + item + "]";
    }

    /** The step of one item: as the map step, but for the list. */
    static DagStep step(DagStep map, int item) {
        return map.withName(name(map.name(), item)).withMap(null).withConditions(List.of());
    }

    int map() {
        return map;
    }

    int first() {
        return first;
    }

    int count() {
        return count;
    }

    boolean holds(int step) {
        return step >= first && step < first + count;
    }

    @Nullable
    JsonNode item(int step) {
        JsonNode[] held = items;
        return held == null ? null : held[step - first];
    }

    /** Admits the step of the next item; -1 if enough are at work, or none is left. */
    int next() {
        if (next >= count || admitted >= parallel) {
            return -1;
        }
        admitted++;
        return first + next++;
    }

    /** An item that is at work already, out of its turn. */
    boolean hold(int step) {
        if (!holds(step) || step - first < next) {
            return false;
        }
        admitted++;
        return true;
    }

    /** One fewer is at work. */
    void release() {
        admitted--;
    }

    /** An item is done; true if it was the last. */
    boolean finished() {
        return --left == 0;
    }

    /** The items are needed no more. */
    void forget() {
        items = null;
    }
}
