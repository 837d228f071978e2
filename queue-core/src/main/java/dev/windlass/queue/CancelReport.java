package dev.windlass.queue;

/**
 * What came of cancelling many tasks.
 *
 * @param cancelled how many waited, and never run
 * @param asked how many run, and are asked to stop
 * @param endedBefore how many had ended before they could be cancelled
 */
public record CancelReport(int cancelled, int asked, int endedBefore) {}
