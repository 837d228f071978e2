package dev.windlass.cli.probe;

/**
 * The answer to a probe.
 *
 * @param well whether all is well
 * @param reason in one line: what is well, or what is not
 */
public record Verdict(boolean well, String reason) {

    static Verdict well(String reason) {
        return new Verdict(true, reason);
    }

    static Verdict unwell(String reason) {
        return new Verdict(false, reason);
    }
}
