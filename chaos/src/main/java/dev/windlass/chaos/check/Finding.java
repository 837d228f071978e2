package dev.windlass.chaos.check;

import java.util.List;

/**
 * Something that does not add up.
 *
 * @param rule what does not hold
 * @param id of the task or run, or the key of the object
 * @param text what was found, in a sentence
 * @param history all that is known of it: ledger lines in their order, then the stored objects
 */
public record Finding(Rule rule, String id, String text, List<String> history) {

    /** Copies the list. */
    public Finding {
        history = List.copyOf(history);
    }
}
