package dev.windlass.python.internal;

import java.util.Locale;

import dev.windlass.InvalidInputException;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepOptions;

/** How a step is run, as Python says it. */
final class StepOptionsJson {
    private StepOptionsJson() {
    }

    static StepOptions read(Arguments given) {
        StepOptions options = StepOptions.ofDefaults().withRetry(QueueVerbs.retry(given));
        if (given.json().has("timeoutMillis")) {
            options = options.withTimeout(given.millis("timeoutMillis"));
        }
        String onFailure = given.textOrNull("onFailure");
        if (onFailure != null) {
            options = options.withOnFailure(choice(OnFailure.class, "on_failure", onFailure));
        }
        String placement = given.textOrNull("placement");
        if (placement != null) {
            options = options.withPlacement(choice(Placement.class, "placement", placement));
        }
        if (given.flag("atMostOnce", false)) {
            options = options.withAtMostOnce();
        }
        if (given.has("priority")) {
            options = options.withPriority(given.count("priority", 5));
        }
        return options.withQueue(given.textOrNull("queue"));
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String what, String name) {
        try {
            return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("There is no " + what + " \"" + name + "\".", e);
        }
    }
}
