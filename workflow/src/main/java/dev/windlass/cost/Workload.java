package dev.windlass.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.windlass.InvalidInputException;

/** What is submitted and who works on it: a value for each {@link Setting}. Immutable; safe for any number of threads. */
public final class Workload {
    private static final Workload STANDARD = new Workload(Map.of());

    private final Map<Setting, Double> values = new EnumMap<>(Setting.class);

    private Workload(Map<Setting, Double> given) {
        for (Setting setting : Setting.values()) {
            values.put(setting, given.getOrDefault(setting, setting.standard()));
        }
    }

    /** Every setting at its standard value: 100,000 small tasks a day, steadily, on two workers. */
    public static Workload ofDefaults() {
        return STANDARD;
    }

    /**
     * Some settings, the others at their standard values.
     *
     * @param given times in seconds, sizes in bytes, shares from 0 to 1
     * @throws InvalidInputException if values are out of range or do not go together; its message names all of them
     */
    public static Workload of(Map<Setting, Double> given) {
        List<String> problems = problems(given);
        if (!problems.isEmpty()) {
            throw new InvalidInputException("the workload: " + String.join("; ", problems));
        }
        return new Workload(given);
    }

    /** What is wrong with values, each problem in a sentence of its own; empty if nothing is. */
    public static List<String> problems(Map<Setting, Double> given) {
        var problems = new ArrayList<String>();
        given.forEach((setting, value) -> {
            String problem = setting.problem(value);
            if (problem != null) {
                problems.add(problem);
            }
        });
        if (!problems.isEmpty()) {
            return problems;
        }
        var workload = new Workload(given);
        if (workload.get(Setting.POLL_SHORTEST) > workload.get(Setting.POLL_LONGEST)) {
            problems.add(workload.show(Setting.POLL_SHORTEST) + ", and " + workload.show(Setting.POLL_LONGEST)
                    + "; the longest wait must be the longer one");
        }
        if (workload.get(Setting.HEARTBEAT) > workload.get(Setting.LEASE) / 3) {
            problems.add(workload.show(Setting.HEARTBEAT) + "; use at most a third of the lease ("
                    + workload.show(Setting.LEASE) + ")");
        }
        if (workload.get(Setting.FAILED) + workload.get(Setting.RETRIED) > 1) {
            problems.add(workload.show(Setting.FAILED) + " and " + workload.show(Setting.RETRIED)
                    + " are more than all tasks together");
        }
        return problems;
    }

    /** A setting's value. */
    public double get(Setting setting) {
        return values.getOrDefault(setting, setting.standard());
    }

    /** All values. */
    public Map<Setting, Double> values() {
        return Collections.unmodifiableMap(values);
    }

    /**
     * The same with one other value.
     *
     * @throws InvalidInputException as {@link #of} says
     */
    public Workload with(Setting setting, double value) {
        var changed = new EnumMap<Setting, Double>(values);
        changed.put(setting, value);
        return of(changed);
    }

    /** How often a lease is renewed, in seconds. */
    double heartbeat() {
        double given = get(Setting.HEARTBEAT);
        return given > 0 ? given : get(Setting.LEASE) / 3;
    }

    /** Whether there are workflows: then a worker polls two queues more. */
    boolean hasRuns() {
        return get(Setting.RUNS) > 0;
    }

    private String show(Setting setting) {
        return setting.key() + " is " + setting.show(get(setting));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Workload that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        var text = new StringBuilder("workload");
        values.forEach((setting, value) -> {
            if (value != setting.standard()) {
                text.append(' ').append(setting.key()).append('=').append(setting.show(value));
            }
        });
        return text.toString();
    }
}
