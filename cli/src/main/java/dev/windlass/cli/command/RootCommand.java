package dev.windlass.cli.command;

import dev.windlass.cli.run.RunCommand;
import dev.windlass.cli.run.RunWorkerCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code windlass}: holds the list of commands and the options that all of them have. */
@Command(name = "windlass", description = "Durable task queues and workflows on nothing but a bucket.", versionProvider = ProjectVersion.class, mixinStandardHelpOptions = true, scope = ScopeType.INHERIT, synopsisSubcommandLabel = "COMMAND", sortOptions = false, usageHelpAutoWidth = true, footerHeading = "%nExample:%n", footer = "  windlass run examples/workflows/montage.json", subcommands = {
    RunCommand.class, GraphCommand.class, InitCommand.class, SubmitCommand.class, StatusCommand.class,
    ListCommand.class, HistoryCommand.class, CancelCommand.class, StatsCommand.class, WorkerCommand.class,
    PeekCommand.class, ClaimCommand.class, ExtendCommand.class, CompleteCommand.class, FailCommand.class,
    RequeueCommand.class, PauseCommand.class, ResumeCommand.class, QueuesCommand.class,
    RedriveCommand.class, DeadLettersCommand.class, WorkersCommand.class,
    WorkflowCommand.class, ScheduleCommand.class,
    SweepCommand.class, AuditCommand.class, DoctorCommand.class, CostCommand.class, BenchCommand.class,
    CompletionCommand.class,
    RunWorkerCommand.class,
    BenchWorkerCommand.class})
public final class RootCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Log more, and show stack traces.")
    private boolean verbose;

    /** Whether the user asked for more messages. */
    public boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command was given");
    }
}
