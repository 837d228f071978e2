package dev.windlass.workflow.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.MapOver;
import dev.windlass.workflow.Placement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What of a graph is done, ready, or waits. Pure memory; used by the owner's thread only, but for {@link #indexOf} and
 * {@link #step}. A completion costs time in proportion to the step's children; ready steps come by priority, then longest
 * remaining path first, then in the graph's order. A map step opens when what it needs is there: then a step for each item
 * is added to the graph, and when all of those are done it is to be gathered.
 */
final class RunPlan {
    private enum Phase {
        WAITING, READY, TAKEN, DONE
    }

    private static final int[] NONE = {};
    /** The priority of a step that says nothing of it. */
    private static final int PLAIN = 5;

    private final Map<String, Integer> index = new ConcurrentHashMap<>();
    private final Map<Placement, PriorityQueue<Integer>> ready = new EnumMap<>(Placement.class);
    private final Map<Integer, MapItems> maps = new HashMap<>();
    private final ArrayDeque<Integer> toOpen = new ArrayDeque<>();
    private final ArrayDeque<Integer> toGather = new ArrayDeque<>();
    private final int defined;
    private volatile DagStep[] steps;
    private int[][] needs;
    private int[][] children;
    private int[] open;
    private int[] height;
    private int[] priority;
    private Phase[] phases;
    private Placement[] placements;
    private @Nullable StepOutcome[] outcomes;
    /** Of the step of an item, its map step. */
    private int[] mapSteps;
    private int size;
    private int done;

    RunPlan(DagDefinition dag, Function<DagStep, Placement> placement) {
        size = dag.steps().size();
        defined = size;
        steps = dag.steps().toArray(DagStep[]::new);
        for (int i = 0; i < size; i++) {
            index.put(steps[i].name(), i);
        }
        PlanShape shape = PlanShape.of(dag.steps(), this::parent);
        needs = shape.needs();
        children = shape.children();
        height = shape.heights();
        open = shape.open();
        outcomes = new StepOutcome[size];
        mapSteps = new int[size];
        placements = dag.steps().stream().map(placement).toArray(Placement[]::new);
        priority = new int[size];
        for (int i = 0; i < size; i++) {
            priority[i] = priority(steps[i]);
        }
        Comparator<Integer> order = Comparator.<Integer>comparingInt(i -> priority[i])
                .thenComparingInt(i -> -height[i]).thenComparingInt(i -> i);
        for (Placement where : Placement.values()) {
            ready.put(where, new PriorityQueue<>(order));
        }
        phases = new Phase[size];
        Arrays.fill(phases, Phase.WAITING);
        for (int i = 0; i < size; i++) {
            if (open[i] == 0) {
                makeReady(i);
            }
        }
    }

    private int parent(String need) {
        if (need.equals(DagStep.RUN_INPUT)) {
            return -1;
        }
        Integer parent = index.get(need);
        if (parent == null) {
            throw new IllegalStateException("an unchecked graph: no step " + need);
        }
        return parent;
    }

    /** How many steps there are, those of map items included that are known. */
    int size() {
        return size;
    }

    /** How many steps the graph has; those with a higher index are of map items. */
    int defined() {
        return defined;
    }

    /** Any thread's. */
    DagStep step(int i) {
        return steps[i];
    }

    /** The index of a name, or -1. Any thread's. */
    int indexOf(String name) {
        return index.getOrDefault(name, -1);
    }

    /** The steps that one needs, in the order in which it names them; -1 for the run's input; not to be changed. */
    int[] needs(int i) {
        return needs[i];
    }

    boolean isSink(int i) {
        return i < defined && children[i].length == 0;
    }

    Placement placement(int i) {
        return placements[i];
    }

    int done() {
        return done;
    }

    boolean isDone(int i) {
        return phases[i] == Phase.DONE;
    }

    /** The steps that have been begun and have not ended: they run, are out, or wait for their next try. */
    List<Integer> open() {
        List<Integer> begun = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (phases[i] == Phase.TAKEN) {
                begun.add(i);
            }
        }
        return begun;
    }

    boolean isComplete() {
        return done == size;
    }

    /** How a step has ended; null if it has not. */
    @Nullable
    StepOutcome outcome(int i) {
        return outcomes[i];
    }

    int readyCount(Placement placement) {
        return queue(placement).size();
    }

    boolean hasLocalReady() {
        return !queue(Placement.LOCAL).isEmpty() || !queue(Placement.AUTO).isEmpty();
    }

    /** Takes the most urgent step that the owner may run; -1 if there is none. */
    int takeLocal() {
        Integer bound = queue(Placement.LOCAL).peek();
        Integer free = queue(Placement.AUTO).peek();
        if (bound == null || (free != null && isBefore(free, bound))) {
            return take(Placement.AUTO);
        }
        return take(Placement.LOCAL);
    }

    private static int priority(DagStep step) {
        Integer given = step.options().priority();
        return given == null ? PLAIN : given;
    }

    private boolean isBefore(int a, int b) {
        if (priority[a] != priority[b]) {
            return priority[a] < priority[b];
        }
        return height[a] != height[b] ? height[a] > height[b] : a < b;
    }

    /** Takes the most urgent ready step of a placement; -1 if there is none. */
    int take(Placement placement) {
        Integer next = queue(placement).poll();
        if (next == null) {
            return -1;
        }
        phases[next] = Phase.TAKEN;
        return next;
    }

    /** Takes a certain step off the ready ones, when an earlier owner has it out or it waits for its next try. */
    void take(int i) {
        MapItems of = mapOf(i);
        if (phases[i] == Phase.WAITING && of != null && of.hold(i)) {
            phases[i] = Phase.TAKEN;
        } else if (phases[i] == Phase.READY && steps[i].map() == null) {
            queue(placements[i]).remove(i);
            phases[i] = Phase.TAKEN;
        }
    }

    /** A taken step is ready again. */
    void giveBack(int i) {
        if (phases[i] == Phase.TAKEN) {
            makeReady(i);
        }
    }

    /** Takes a map step whose items are to be found out; -1 if there is none. */
    int takeToOpen() {
        Integer next = toOpen.poll();
        if (next == null) {
            return -1;
        }
        phases[next] = Phase.TAKEN;
        return next;
    }

    /** Takes a map step whose items are all done; -1 if there is none. */
    int takeToGather() {
        Integer next = toGather.poll();
        return next == null ? -1 : next;
    }

    /** A map step that could not be gathered now. */
    void giveBackToGather(int map) {
        toGather.add(map);
    }

    /** Whether a map step is to be opened or gathered. */
    boolean hasMapWork() {
        return !toOpen.isEmpty() || !toGather.isEmpty();
    }

    boolean isOpened(int map) {
        return maps.containsKey(map);
    }

    /** Adds a step for each item of a map step; no more of them are ready at once than it allows. */
    void openMap(int map, JsonNode[] items) {
        DagStep step = steps[map];
        MapOver over = step.map();
        if (over == null || maps.containsKey(map)) {
            throw new IllegalStateException("step " + step.name() + " has no items to open");
        }
        phases[map] = Phase.TAKEN;
        toOpen.remove(map);
        int first = size;
        grow(size + items.length);
        DagStep[] more = Arrays.copyOf(steps, steps.length);
        for (int i = 0; i < items.length; i++) {
            more[first + i] = MapItems.step(step, i);
            mapSteps[first + i] = map;
            needs[first + i] = needs[map];
            children[first + i] = NONE;
            height[first + i] = height[map];
            priority[first + i] = priority[map];
            phases[first + i] = Phase.WAITING;
            placements[first + i] = placements[map];
        }
        steps = more;
        size = first + items.length;
        for (int i = first; i < size; i++) {
            index.put(more[i].name(), i);
        }
        MapItems opened = new MapItems(map, first, items, over.parallel());
        maps.put(map, opened);
        admit(opened);
        if (items.length == 0) {
            toGather.add(map);
        }
    }

    private void grow(int least) {
        if (least <= phases.length) {
            return;
        }
        int capacity = Math.max(least, phases.length + phases.length / 2);
        steps = Arrays.copyOf(steps, capacity);
        needs = Arrays.copyOf(needs, capacity);
        children = Arrays.copyOf(children, capacity);
        open = Arrays.copyOf(open, capacity);
        height = Arrays.copyOf(height, capacity);
        priority = Arrays.copyOf(priority, capacity);
        phases = Arrays.copyOf(phases, capacity);
        placements = Arrays.copyOf(placements, capacity);
        outcomes = Arrays.copyOf(outcomes, capacity);
        mapSteps = Arrays.copyOf(mapSteps, capacity);
    }

    private void admit(MapItems of) {
        for (int next = of.next(); next >= 0; next = of.next()) {
            if (phases[next] == Phase.WAITING) {
                makeReady(next);
            } else {
                of.release(); // it had its turn: an earlier owner has it out, or its outcome is known
            }
        }
    }

    private @Nullable MapItems mapOf(int i) {
        return i < defined ? null : maps.get(mapSteps[i]);
    }

    /** The name of the step that gives the list that a step is for an item of; null if it is a step of the graph. */
    @Nullable
    String over(int i) {
        MapItems of = mapOf(i);
        MapOver over = of == null ? null : steps[of.map()].map();
        return over == null ? null : over.step();
    }

    /** The item that a step is for; null if it is a step of the graph, or what it was for is done. */
    @Nullable
    JsonNode item(int i) {
        MapItems of = mapOf(i);
        return of == null ? null : of.item(i);
    }

    /** The steps of a map step's items; none if it is not open. */
    List<Integer> items(int map) {
        MapItems of = maps.get(map);
        List<Integer> items = new ArrayList<>();
        for (int i = 0; of != null && i < of.count(); i++) {
            items.add(of.first() + i);
        }
        return items;
    }

    /** Whether a step's outcome says nothing any more: it was for an item of a map step that is done itself. */
    boolean isFolded(int i) {
        MapItems of = mapOf(i);
        return of != null && isDone(of.map());
    }

    /**
     * A step's outcome is recorded; if the run goes on after it, its children may be ready now.
     *
     * @param goesOn false if the run has failed by it
     * @return false if it was known
     */
    boolean recorded(int i, StepOutcome outcome, boolean goesOn) {
        if (phases[i] == Phase.DONE) {
            return false;
        }
        MapItems of = mapOf(i);
        if (phases[i] == Phase.READY) {
            if (steps[i].map() == null) {
                queue(placements[i]).remove(i);
            } else {
                toOpen.remove(i);
            }
        }
        boolean waited = phases[i] == Phase.WAITING;
        phases[i] = Phase.DONE;
        outcomes[i] = outcome;
        done++;
        if (of != null) {
            itemDone(of, waited);
        } else if (goesOn) {
            for (int child : children[i]) {
                if (--open[child] == 0 && phases[child] == Phase.WAITING) {
                    makeReady(child);
                }
            }
        }
        MapItems mine = maps.get(i);
        if (mine != null) {
            closeMap(mine);
        }
        return true;
    }

    private void itemDone(MapItems of, boolean waited) {
        if (!waited) {
            of.release();
        }
        if (of.finished() && phases[of.map()] != Phase.DONE) {
            toGather.add(of.map());
        } else {
            admit(of);
        }
    }

    /** What is open of a map step whose own outcome others have recorded is of no use. */
    private void closeMap(MapItems of) {
        toGather.remove(of.map());
        for (int i = of.first(); i < of.first() + of.count(); i++) {
            if (phases[i] == Phase.READY) {
                queue(placements[i]).remove(i);
            }
            if (phases[i] != Phase.DONE) {
                phases[i] = Phase.DONE;
                done++;
            }
        }
        of.forget();
    }

    private void makeReady(int i) {
        phases[i] = Phase.READY;
        if (steps[i].map() == null) {
            queue(placements[i]).add(i);
        } else {
            toOpen.add(i);
        }
    }

    private PriorityQueue<Integer> queue(Placement placement) {
        PriorityQueue<Integer> queue = ready.get(placement);
        if (queue == null) {
            throw new IllegalStateException("no queue for " + placement);
        }
        return queue;
    }
}
