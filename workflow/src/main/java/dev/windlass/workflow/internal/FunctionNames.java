package dev.windlass.workflow.internal;

import java.util.HashMap;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.spi.EngineAccess;

/**
 * Names of what a function asks for: one that is used again counts up, {@code charge#2}, and each is of one kind of thing. For
 * the function's thread only.
 */
final class FunctionNames {
    private static final int LONGEST = 180;

    private final EngineAccess engine;
    private final Map<String, Integer> used = new HashMap<>();
    private final Map<String, Op.Kind> kinds = new HashMap<>();

    FunctionNames(EngineAccess engine) {
        this.engine = engine;
    }

    /** The next of a name. */
    String next(String name, Op.Kind kind) {
        String what = kind == Op.Kind.SIGNAL ? "signal name" : "step name";
        checkLength(engine, what, name);
        Op.Kind before = kinds.putIfAbsent(name, kind);
        if (before != null && before != kind) {
            throw new InvalidInputException("The name '" + name + "' was used for a " + before.word()
                    + " in this run, and is asked for a " + kind.word()
                    + ". Give each kind of thing names of its own.");
        }
        int count = used.merge(name, 1, Integer::sum);
        return count == 1 ? name : name + "#" + count;
    }

    static void checkLength(EngineAccess engine, String what, String name) {
        if (engine.keySegment(what, name).length() > LONGEST) {
            throw new InvalidInputException(
                    "The " + what + " '" + name + "' is over " + LONGEST + " bytes once percent-encoded.");
        }
    }

    /** Refuses a name of a user that looks like one of the engine's. */
    static void check(String name) {
        int mark = name.lastIndexOf('#');
        if (name.startsWith("~") || (mark >= 0 && mark < name.length() - 1
                && name.substring(mark + 1).chars().allMatch(c -> c >= '0' && c <= '9'))) {
            throw new InvalidInputException(
                    "The name '" + name + "' is of a form that the engine uses itself: it begins "
                            + "with '~', or ends with '#' and a number. Use another name.");
        }
    }
}
