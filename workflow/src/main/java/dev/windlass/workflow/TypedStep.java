package dev.windlass.workflow;

import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A step of a {@link Dag}: what the store does not hold of it.
 *
 * @param name its name
 * @param type of its result; of a map step, of one item's
 * @param takes what its body takes, in order; of a map step the list first
 * @param tests what must hold for it to run
 * @param body does the work; of a map step, for one item
 * @param map whether it is a map step
 */
record TypedStep(String name, Type type, List<StepRef<?>> takes, List<Test> tests, Body body, boolean map) {

    /** A body with its values in a list. */
    interface Body {
        @Nullable
        Object run(StepContext step, List<@Nullable Object> values) throws Exception;
    }

    /**
     * A condition that is code.
     *
     * @param takes what it looks at, in order
     * @param holds decides
     */
    record Test(List<StepRef<?>> takes, Predicate<List<@Nullable Object>> holds) {}
}
