package dev.windlass.simulation.mutant;

/** A mutant cannot be read, applied or compiled: its file, or the source that it patches, has to be put right. */
public final class MutantException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MutantException(String message) {
        super(message);
    }

    MutantException(String message, Throwable cause) {
        super(message, cause);
    }
}
