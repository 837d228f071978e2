package dev.windlass.cli;

import java.io.PrintWriter;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.InvalidInputException;
import dev.windlass.PayloadUnreadableException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.WindlassException;
import dev.windlass.schedule.ScheduleAlreadyExistsException;
import dev.windlass.schedule.ScheduleNotFoundException;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.WorkflowAlreadyExistsException;
import dev.windlass.workflow.WorkflowEndedException;
import dev.windlass.workflow.WorkflowNotFoundException;

/** The one place that turns what went wrong into an exit code and a message on standard error. */
public final class Failures {
    private Failures() {
    }

    /**
     * Tells the user.
     *
     * @param failure what went wrong
     * @param verbose whether to print the stack trace too
     * @param err where to
     * @return the exit code
     */
    public static int report(Throwable failure, boolean verbose, PrintWriter err) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        err.println("windlass: " + message(failure, verbose));
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode(failure);
    }

    private static int exitCode(Throwable failure) {
        return switch (failure) {
            case InvalidInputException e -> ExitCode.BAD_INPUT;
            case TaskNotFoundException e -> ExitCode.BAD_INPUT;
            case IdempotencyConflictException e -> ExitCode.BAD_INPUT;
            case PayloadUnreadableException e -> ExitCode.BAD_INPUT;
            case ScheduleNotFoundException e -> ExitCode.BAD_INPUT;
            case ScheduleAlreadyExistsException e -> ExitCode.BAD_INPUT;
            case WorkflowNotFoundException e -> ExitCode.BAD_INPUT;
            case WorkflowAlreadyExistsException e -> ExitCode.BAD_INPUT;
            case WorkflowEndedException e -> ExitCode.FAILED;
            case StoreException e -> ExitCode.STORE;
            case InterruptedException e -> ExitCode.INTERRUPTED;
            default -> ExitCode.FAILED;
        };
    }

    private static String message(Throwable failure, boolean verbose) {
        String said = failure.getMessage();
        return switch (failure) {
            case WindlassException e when said != null -> said;
            case InterruptedException e -> "interrupted";
            case OutOfMemoryError e -> "out of memory; give it more with WINDLASS_JAVA_OPTS=-Xmx4g";
            default -> "unexpected failure: " + failure.getClass().getSimpleName() + (said == null ? "" : ": " + said)
                    + (verbose ? "" : "; --verbose shows where");
        };
    }
}
