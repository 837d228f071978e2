package dev.windlass.workflow;

import dev.windlass.WindlassException;

/** Thrown to a durable function: the signal that it waits for has not come in time. If it leaves the function, the run fails. */
public final class SignalTimeoutException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String signal;

    /**
     * @param signal the name of the signal
     * @param message what happened
     */
    public SignalTimeoutException(String signal, String message) {
        super(message);
        this.signal = signal;
    }

    /** The name of the signal. */
    public String signal() {
        return signal;
    }
}
