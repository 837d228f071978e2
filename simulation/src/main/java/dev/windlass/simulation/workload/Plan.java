package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import dev.windlass.simulation.Fault;
import dev.windlass.simulation.FaultMix;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.SimulationOptions;
import dev.windlass.simulation.StoreOptions;

/**
 * All that a seed draws before its history begins: the world, and what happens in it. Its elements can be left out one by
 * one, which is how a failing history is made shorter. Immutable.
 *
 * <p>Elements, in this order: the operations, by their numbers; then the kinds of faults; then what is special about the
 * store; then what is special about the scheduler.
 */
public final class Plan {
    private static final int TASKS = 10;
    private static final int TRAITS = 2;
    private static final List<Op.Kind> TROUBLES = List.of(Op.Kind.CRASH, Op.Kind.CRASH_AT_REQUEST, Op.Kind.PAUSE,
            Op.Kind.SUSPEND, Op.Kind.STRAY, Op.Kind.DRAIN, Op.Kind.OUTAGE, Op.Kind.CLOCK, Op.Kind.SWEEP, Op.Kind.RETIRE,
            Op.Kind.AUDIT, Op.Kind.POISON);
    private static final List<Op.Kind> RARE = List.of(Op.Kind.CLOCK, Op.Kind.SWEEP, Op.Kind.RETIRE, Op.Kind.AUDIT,
            Op.Kind.POISON);
    private static final Set<Integer> WIDE = Set.of(0, 9, 14);
    private static final List<Fault.Kind> FAULTS = List.of(Fault.Kind.values());

    /** Seeds from here on draw histories of schedules: so those below draw what they always have. */
    public static final long SCHEDULES = 1_000_000_000_000L;

    /** Seeds from here on draw histories of durable functions. */
    public static final long FUNCTIONS = 2_000_000_000_000L;

    /** Seeds from here on draw histories of tasks with the options that few tasks have. */
    public static final long OPTIONS = 3_000_000_000_000L;

    private final long seed;
    private final Subject subject;
    private final World world;
    private final List<Op> ops;
    private final BitSet left;

    private Plan(long seed, Subject subject, World world, List<Op> ops, BitSet left) {
        this.seed = seed;
        this.subject = subject;
        this.world = world;
        this.ops = ops;
        this.left = left;
    }

    /** What a history is about. */
    enum Subject {
        /** Tasks. */
        TASKS,
        /** Runs of graphs. */
        RUNS,
        /** Schedules. */
        SCHEDULES,
        /** Runs of durable functions. */
        FUNCTIONS,
        /** Tasks with all kinds of options. */
        OPTIONS
    }

    /**
     * What that seed draws: from {@link #OPTIONS} on a history of tasks with options, from {@link #FUNCTIONS} on one of durable
     * functions, from {@link #SCHEDULES} on one of schedules; of those below, three of four one of tasks, the others one of
     * runs of graphs.
     */
    public static Plan draw(long seed) {
        if (seed >= OPTIONS) {
            return drawOptions(seed);
        }
        if (seed >= FUNCTIONS) {
            return drawFunctions(seed);
        }
        return seed >= SCHEDULES ? drawSchedules(seed) : isOfRuns(seed) ? drawRuns(seed) : drawTasks(seed);
    }

    /** Whether that seed draws a history of runs. */
    public static boolean isOfRuns(long seed) {
        return seed < SCHEDULES && Math.floorMod(seed, 4) == 3;
    }

    /** What that seed draws: a history of tasks. */
    public static Plan drawTasks(long seed) {
        Seeded random = Seeded.stream(seed, 77);
        World world = World.draw(random);
        var kinds = new ArrayList<Op.Kind>();
        add(kinds, Op.Kind.SUBMIT, TASKS);
        add(kinds, Op.Kind.READ, random.nextInt(4));
        if (!world.calm) {
            add(kinds, Op.Kind.CANCEL, random.nextInt(4));
        }
        Plan plan = draw(seed, Subject.TASKS, random, world, kinds, TROUBLES);
        return isWide(seed) && !world.calm ? plan.widened() : plan;
    }

    /** Whether clients of that seed also use what few programs do. Some seeds do not, as before there was anything such. */
    private static boolean isWide(long seed) {
        return WIDE.contains(Math.floorMod(seed, 16));
    }

    /** With more operations, behind all others and drawn apart, so that those stay as they are. */
    private Plan widened() {
        Seeded random = Seeded.stream(seed, 79);
        var kinds = new ArrayList<Op.Kind>();
        add(kinds, Op.Kind.BY_HAND, 1 + random.nextInt(5));
        add(kinds, Op.Kind.SUBMIT_EXPIRING, random.nextInt(4));
        add(kinds, Op.Kind.HOLD, random.nextInt(3));
        var all = new ArrayList<Op>(ops);
        addOps(all, kinds, random, world);
        return new Plan(seed, subject, world, all, left);
    }

    /** What that seed draws: a history of runs of graphs. */
    public static Plan drawRuns(long seed) {
        Seeded random = Seeded.stream(seed, 78);
        World world = World.draw(random);
        var kinds = new ArrayList<Op.Kind>();
        add(kinds, Op.Kind.START, 2 + random.nextInt(4));
        add(kinds, Op.Kind.READ, random.nextInt(4));
        return draw(seed, Subject.RUNS, random, world, kinds,
                TROUBLES.stream().filter(kind -> kind != Op.Kind.POISON).toList());
    }

    /** What that seed draws: a history of schedules. */
    public static Plan drawSchedules(long seed) {
        Seeded random = Seeded.stream(seed, 80);
        World world = World.draw(random);
        world.workers = 2 + random.nextInt(2);
        var kinds = new ArrayList<Op.Kind>();
        add(kinds, Op.Kind.SCHEDULE, random.nextInt(5));
        return draw(seed, Subject.SCHEDULES, random, world, kinds,
                TROUBLES.stream().filter(kind -> kind != Op.Kind.POISON && kind != Op.Kind.RETIRE).toList());
    }

    /** What that seed draws: a history of durable functions. */
    public static Plan drawFunctions(long seed) {
        Seeded random = Seeded.stream(seed, 82);
        World world = World.draw(random);
        var kinds = new ArrayList<Op.Kind>();
        add(kinds, Op.Kind.START, 2 + random.nextInt(4));
        add(kinds, Op.Kind.READ, random.nextInt(3));
        add(kinds, Op.Kind.CANCEL, random.chance(0.3) ? 1 : 0);
        add(kinds, Op.Kind.HOLD, random.chance(0.3) ? 1 : 0);
        return draw(seed, Subject.FUNCTIONS, random, world, kinds,
                TROUBLES.stream().filter(kind -> kind != Op.Kind.POISON).toList());
    }

    /** What that seed draws: a history of tasks with options. */
    public static Plan drawOptions(long seed) {
        Seeded random = Seeded.stream(seed, 84);
        World world = World.draw(random);
        var kinds = new ArrayList<Op.Kind>();
        add(kinds, Op.Kind.SUBMIT, 2 + random.nextInt(4));
        add(kinds, Op.Kind.BURST, 3 + random.nextInt(7));
        add(kinds, Op.Kind.SUBMIT_KEYED, 1 + random.nextInt(5));
        add(kinds, Op.Kind.SUBMIT_EVASIVE, random.nextInt(3));
        add(kinds, Op.Kind.READ, random.nextInt(3));
        if (!world.calm) {
            add(kinds, Op.Kind.SUBMIT_EXPIRING, random.nextInt(3));
            add(kinds, Op.Kind.CANCEL, random.nextInt(3));
            add(kinds, Op.Kind.CANCEL_ALL, random.nextInt(2));
            add(kinds, Op.Kind.BY_HAND, random.nextInt(3));
            add(kinds, Op.Kind.HOLD, random.nextInt(2));
        }
        add(kinds, Op.Kind.REDRIVE, 1 + random.nextInt(5));
        return draw(seed, Subject.OPTIONS, random, world, kinds, TROUBLES);
    }

    private static Plan draw(long seed, Subject subject, Seeded random, World world, List<Op.Kind> work,
            List<Op.Kind> troubles) {
        var kinds = new ArrayList<Op.Kind>(work);
        if (!world.calm) {
            for (Op.Kind kind : troubles) {
                boolean rare = RARE.contains(kind);
                boolean themed = random.chance(0.04);
                if (themed || random.chance(rare ? 0.2 : kind == Op.Kind.STRAY ? 0.6 : 0.4)) {
                    add(kinds, kind, (themed ? 4 : 1) + random.nextInt(rare ? 2 : 3));
                }
            }
        }
        var ops = new ArrayList<Op>();
        addOps(ops, kinds, random, world);
        return new Plan(seed, subject, world, ops, new BitSet());
    }

    private static void addOps(List<Op> ops, List<Op.Kind> kinds, Seeded random, World world) {
        for (Op.Kind kind : kinds) {
            Duration at = Duration.ofMillis(random.between(0, world.horizon.toMillis()));
            ops.add(new Op(ops.size(), kind, at, random.nextLong()));
        }
    }

    private static void add(List<Op.Kind> kinds, Op.Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            kinds.add(kind);
        }
    }

    /** What has drawn it. */
    public long seed() {
        return seed;
    }

    /** What it is about. */
    Subject subject() {
        return subject;
    }

    /** How many elements it had when drawn. */
    public int size() {
        return ops.size() + FAULTS.size() + TRAITS;
    }

    /** The elements that are left out; not to be changed. */
    public BitSet left() {
        return (BitSet) left.clone();
    }

    /** The same plan with exactly these elements left out. */
    public Plan leavingOut(BitSet elements) {
        return new Plan(seed, subject, world, ops, (BitSet) elements.clone());
    }

    /** Whether nothing changes if this element is left out: it is a fault that was not on, or a trait that is usual. */
    public boolean isIdle(int element) {
        if (element < ops.size()) {
            return false;
        }
        int kind = element - ops.size();
        if (kind < FAULTS.size()) {
            return world.faults.probability(FAULTS.get(kind)) == 0;
        }
        return false;
    }

    /** What happens, in the order of time. */
    List<Op> ops() {
        return ops.stream().filter(op -> !left.get(op.number())).sorted(Comparator.comparing(Op::at)).toList();
    }

    World world() {
        return world;
    }

    FaultMix faults() {
        FaultMix mix = world.faults;
        for (int i = 0; i < FAULTS.size(); i++) {
            if (left.get(ops.size() + i)) {
                mix = mix.with(FAULTS.get(i), 0);
            }
        }
        return mix;
    }

    SimulationOptions options() {
        SimulationOptions options = world.options();
        int traits = ops.size() + FAULTS.size();
        if (left.get(traits)) {
            options = options.withStore(world.withTimeOf(StoreOptions.defaults()).withMaxLateness(world.maxLateness));
        }
        if (left.get(traits + 1)) {
            options = options.withSpuriousWakes(0).withYields(1);
        }
        return options;
    }

    /** For people: what is in it, a line each. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(
                world.workers + " workers of " + world.slots + " slots, lease " + world.ttl + ", grace " + world.grace);
        lines.add("store: " + options().store() + "; " + faults());
        ops().forEach(op -> lines.add("+" + op.at().toMillis() + " ms " + op.kind() + " #" + op.number()));
        return lines;
    }
}
