package dev.windlass.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import dev.windlass.queue.TaskStatus;
import dev.windlass.simulation.check.LinearizabilityBruteForce.Effect;
import dev.windlass.simulation.check.LinearizabilityBruteForce.Op;
import dev.windlass.simulation.check.LinearizabilityBruteForce.State;
import dev.windlass.simulation.check.TaskHistory.Call;
import dev.windlass.simulation.check.TaskHistory.CancelAnswer;
import dev.windlass.simulation.check.TaskHistory.EndAnswer;
import dev.windlass.simulation.check.TaskHistory.Kind;
import dev.windlass.simulation.check.TaskHistory.ReadAnswer;
import dev.windlass.simulation.check.TaskHistory.SubmitAnswer;
import dev.windlass.simulation.check.TaskHistory.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random histories: those that a model of a task's life yields, and those with an answer falsified. */
class LinearizabilityRandomTest {
    private static final int NEVER = Integer.MAX_VALUE;
    private static final List<TaskStatus> STATUSES = List.of(TaskStatus.values());
    private static final List<Verdict> VERDICTS = List.of(Verdict.values());
    private static final List<Object> SUBMIT_ANSWERS = List.of((Object[]) SubmitAnswer.values());
    private static final List<Object> CANCEL_ANSWERS = List.of((Object[]) CancelAnswer.values());
    private static final List<Object> END_ANSWERS = List.of((Object[]) EndAnswer.values());

    @Test
    void check_historiesOfTheModel_allAccepted() {
        int overlapping = 0;
        int undecided = 0;
        for (long seed = 0; seed < 3000; seed++) {
            RandomGenerator random = random(seed);
            List<Op> ops = new Model(random).play(5 + random.nextInt(40), 1 + random.nextInt(7));
            Linearizability.Result result = Linearizability.judge(history(ops));
            assertThat(result.answer()).as("seed %d: %s", seed, result.explanation())
                    .isNotEqualTo(Linearizability.Answer.VIOLATED);
            undecided += result.answer() == Linearizability.Answer.UNDECIDED ? 1 : 0;
            overlapping += ops.stream().anyMatch(op -> ops.stream().anyMatch(
                    other -> other.invoked() < op.invoked() && op.answered() < other.answered())) ? 1 : 0;
        }
        assertThat(overlapping).isGreaterThan(2000);
        assertThat(undecided).isZero();
    }

    @Test
    void check_tinyHistoriesOfTheModel_acceptedAsByBruteForce() {
        for (long seed = 0; seed < 3000; seed++) {
            RandomGenerator random = random(seed);
            List<Op> ops = new Model(random).play(2 + random.nextInt(4), 1 + random.nextInt(4));
            assertThat(LinearizabilityBruteForce.isLinearizable(ops)).as("seed %d", seed).isTrue();
            assertThat(Linearizability.check(history(ops))).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void check_oneAnswerFalsified_judgedAsByBruteForce() {
        requireJudgedAsByBruteForce(LinearizabilityRandomTest::falsify);
    }

    @Test
    void check_answersDrawnFreely_judgedAsByBruteForce() {
        requireJudgedAsByBruteForce((ops, random) -> {
            for (int i = 0; i < ops.size(); i++) {
                Op op = ops.get(i);
                if (random.nextInt(2) == 0 && op.kind() != Kind.START && op.answer() != null) {
                    ops.set(i, op.withAnswer(answer(op.kind(), random)));
                }
            }
            return true;
        });
    }

    /** @param change redraws answers of a true history; whether it has changed one that is to be judged */
    private static void requireJudgedAsByBruteForce(BiPredicate<List<Op>, RandomGenerator> change) {
        int accepted = 0;
        int rejected = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            RandomGenerator random = random(seed);
            List<Op> ops = new ArrayList<>(new Model(random).play(2 + random.nextInt(4), 1 + random.nextInt(4)));
            if (change.test(ops, random)) {
                if (agreed(ops, seed)) {
                    accepted++;
                } else {
                    rejected++;
                }
            }
        }
        assertThat(accepted).isGreaterThan(2000);
        assertThat(rejected).isGreaterThan(5000);
    }

    private static boolean agreed(List<Op> ops, long seed) {
        boolean expected = LinearizabilityBruteForce.isLinearizable(ops);
        TaskHistory history = history(ops);
        assertThat(Linearizability.check(history).isEmpty()).as("seed %d: %s", seed, history).isEqualTo(expected);
        return expected;
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** @return whether there was an answer to change */
    private static boolean falsify(List<Op> ops, RandomGenerator random) {
        List<Integer> known = new ArrayList<>();
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i).mustHappen()) {
                known.add(i);
            }
        }
        if (known.isEmpty()) {
            return false;
        }
        int which = known.get(random.nextInt(known.size()));
        Op op = ops.get(which);
        if (op.kind() == Kind.START) {
            ops.set(which, op.withAttempt(Math.max(1, op.attempt() + (random.nextBoolean() ? 1 : -1))));
        } else if (op.answer() instanceof ReadAnswer read && read.status() != null && read.knowsAttempt()
                && random.nextBoolean()) {
            ops.set(which, op.withAnswer(nearby(read.status(), read, random)));
        } else {
            ops.set(which, op.withAnswer(answer(op.kind(), random)));
        }
        return true;
    }

    private static ReadAnswer nearby(TaskStatus status, ReadAnswer read, RandomGenerator random) {
        return switch (random.nextInt(3)) {
            case 0 -> ReadAnswer.of(status, read.attempt() + 1, read.cancelRequested());
            case 1 -> ReadAnswer.of(status, Math.max(0, read.attempt() - 1), read.cancelRequested());
            default -> ReadAnswer.of(status, read.attempt(), !read.cancelRequested());
        };
    }

    private static Object answer(Kind kind, RandomGenerator random) {
        return switch (kind) {
            case SUBMIT -> SUBMIT_ANSWERS.get(random.nextInt(SUBMIT_ANSWERS.size()));
            case CANCEL -> CANCEL_ANSWERS.get(random.nextInt(CANCEL_ANSWERS.size()));
            case END -> END_ANSWERS.get(random.nextInt(END_ANSWERS.size()));
            case READ -> {
                TaskStatus status = STATUSES.get(random.nextInt(STATUSES.size()));
                yield switch (random.nextInt(8)) {
                    case 0 -> ReadAnswer.notFound();
                    case 1 -> ReadAnswer.ofStatus(status);
                    default -> ReadAnswer.of(status, random.nextInt(3), random.nextInt(4) == 0);
                };
            }
            case START -> true;
        };
    }

    /** Records the operations, event by event. */
    private static TaskHistory history(List<Op> ops) {
        var history = new TaskHistory("t");
        var events = new TreeMap<Integer, Runnable>();
        for (Op op : ops) {
            switch (op.kind()) {
                case SUBMIT -> record(events, op, () -> history.submit(instant(op.invoked())), SubmitAnswer.class);
                case CANCEL -> record(events, op, () -> history.cancel(instant(op.invoked())), CancelAnswer.class);
                case READ -> record(events, op, () -> history.get(instant(op.invoked())), ReadAnswer.class);
                case END -> {
                    Verdict verdict = op.verdict();
                    if (verdict != null) {
                        record(events, op, () -> history.end(op.attempt(), verdict, instant(op.invoked())),
                                EndAnswer.class);
                    }
                }
                case START -> events.put(op.answered(),
                        () -> history.started(op.attempt(), instant(op.answered())));
            }
        }
        events.values().forEach(Runnable::run);
        return history;
    }

    private static <A> void record(Map<Integer, Runnable> events, Op op,
            Supplier<Call<A>> invocation, Class<A> type) {
        var call = new ArrayList<Call<A>>();
        events.put(op.invoked(), () -> call.add(invocation.get()));
        Object answer = op.answer();
        if (answer != null) {
            A typed = type.cast(answer);
            events.put(op.answered(), () -> call.getFirst().answer(typed, instant(op.answered())));
        }
    }

    /** Several events share an instant; their order counts. */
    private static long instant(int place) {
        return place / 3;
    }

    /** Lives a task's life at random, and notes what its clients and handlers see. */
    private static final class Model {
        private static final List<Kind> KINDS = List.of(Kind.SUBMIT, Kind.SUBMIT, Kind.CANCEL, Kind.READ, Kind.READ,
                Kind.READ);

        private final RandomGenerator random;
        private final List<Op> ops = new ArrayList<>();
        private final List<Open> open = new ArrayList<>();
        private final List<Integer> working = new ArrayList<>();
        private State state = State.NONE;
        private int place;
        private int begun;

        Model(RandomGenerator random) {
            this.random = random;
        }

        /** An operation under way. */
        private static final class Open {
            private final Kind kind;
            private final int attempt;
            private final @Nullable Verdict verdict;
            private final int invoked;
            private @Nullable Object answer;
            private boolean forgotten;

            Open(Kind kind, int attempt, @Nullable Verdict verdict, int invoked) {
                this.kind = kind;
                this.attempt = attempt;
                this.verdict = verdict;
                this.invoked = invoked;
            }
        }

        /**
         * @param most operations
         * @param parallel how many of them are under way at most
         */
        List<Op> play(int most, int parallel) {
            while (begun < most || open.stream().anyMatch(one -> !one.forgotten)) {
                step(begun < most && open.stream().filter(one -> !one.forgotten).count() < parallel);
            }
            for (Open one : open) {
                ops.add(new Op(one.kind, one.attempt, one.verdict, null, one.invoked, NEVER));
            }
            return ops;
        }

        private void step(boolean mayBegin) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    if (mayBegin) {
                        begin();
                    }
                }
                case 3 -> happen();
                default -> {
                    if (!open.isEmpty()) {
                        goOn(open.get(random.nextInt(open.size())));
                    }
                }
            }
        }

        private void begin() {
            begun++;
            if (!working.isEmpty() && random.nextInt(2) == 0) {
                int attempt = working.remove(/* index */ random.nextInt(working.size()));
                Verdict verdict = VERDICTS.get(random.nextInt(VERDICTS.size()));
                open.add(new Open(Kind.END, attempt, verdict, place++));
            } else {
                Kind kind = state.status() == null ? Kind.SUBMIT : KINDS.get(random.nextInt(KINDS.size()));
                open.add(new Open(random.nextInt(6) == 0 ? Kind.READ : kind, 0, null, place++));
            }
        }

        /** A claim, whose handler starts or whose worker crashes, or the end of a lease. */
        private void happen() {
            if (state.is(TaskStatus.PENDING) && random.nextInt(4) != 0) {
                state = new State(TaskStatus.RUNNING, state.attempt() + 1, false);
                var start = new Open(Kind.START, state.attempt(), null, -1);
                start.answer = true;
                if (random.nextInt(4) != 0) {
                    begun++;
                    open.add(start);
                }
            } else if (random.nextInt(3) == 0) {
                List<State> next = LinearizabilityBruteForce.hidden(state, NEVER);
                state = next.isEmpty() ? state : next.get(random.nextInt(next.size()));
            }
        }

        private void goOn(Open one) {
            if (one.answer == null) {
                if (!one.forgotten && random.nextInt(12) == 0) {
                    one.forgotten = true; // its client crashes, or gives up
                    return;
                }
                List<Effect> effects = LinearizabilityBruteForce.effects(one.kind, one.attempt, one.verdict, state);
                Effect effect = effects.get(random.nextInt(effects.size()));
                state = effect.state();
                one.answer = effect.answer();
            } else if (!one.forgotten) {
                if (one.kind != Kind.START && random.nextInt(12) == 0) {
                    one.forgotten = true;
                    return;
                }
                open.remove(one);
                ops.add(new Op(one.kind, one.attempt, one.verdict, told(one.kind, one.answer), one.invoked, place++));
                if (one.kind == Kind.START) {
                    working.add(one.attempt);
                }
            }
        }

        /** Sometimes less than the whole truth. */
        private Object told(Kind kind, Object answer) {
            if (random.nextInt(4) != 0) {
                return answer;
            }
            if (kind == Kind.SUBMIT && answer != SubmitAnswer.CONFLICTING_INPUT) {
                return SubmitAnswer.ACKNOWLEDGED;
            }
            if (kind == Kind.END && answer != EndAnswer.LOST) {
                return EndAnswer.RECORDED;
            }
            return answer instanceof ReadAnswer read && read.status() != null
                    ? ReadAnswer.ofStatus(read.status())
                    : answer;
        }
    }
}
