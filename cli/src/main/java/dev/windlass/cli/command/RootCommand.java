package dev.windlass.cli.command;

import dev.windlass.cli.config.Configuration;
import dev.windlass.cli.run.RunCommand;
import dev.windlass.cli.run.RunWorkerCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code windlass}: holds the list of commands and the options that all of them have. */
@Command(name = "windlass", description = "Durable task queues and workflows on nothing but a bucket.", versionProvider = ProjectVersion.class, mixinStandardHelpOptions = true, scope = ScopeType.INHERIT, synopsisSubcommandLabel = "COMMAND", sortOptions = false, usageHelpAutoWidth = true, footerHeading = "%nExample:%n", footer = "  windlass run examples/workflows/montage.json", subcommands = {
    RunCommand.class, GraphCommand.class, InitCommand.class, SubmitCommand.class, StatusCommand.class,
    ListCommand.class, HistoryCommand.class, TailCommand.class, CancelCommand.class, StatsCommand.class,
    WorkerCommand.class,
    PeekCommand.class, ClaimCommand.class, ExtendCommand.class, CompleteCommand.class, FailCommand.class,
    RequeueCommand.class, PauseCommand.class, ResumeCommand.class, QueuesCommand.class,
    RedriveCommand.class, DeadLettersCommand.class, WorkersCommand.class,
    WorkflowCommand.class, ScheduleCommand.class, SchemaCommand.class,
    ConfigCommand.class, SweepCommand.class, AuditCommand.class, DoctorCommand.class, CostCommand.class,
    BenchCommand.class,
    CompletionCommand.class,
    RunWorkerCommand.class,
    BenchWorkerCommand.class})
public final class RootCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Log more, and show stack traces.")
    private boolean verbose;

    @Option(names = "--config", paramLabel = "FILE", scope = ScopeType.INHERIT, description = "The configuration (default: WINDLASS_CONFIG, or windlass.toml in this folder, if there is one).")
    @SuppressWarnings("UnusedVariable") // read before the rest is parsed, since it holds the others' defaults
    private @Nullable String config;

    @Option(names = "--profile", paramLabel = "NAME", scope = ScopeType.INHERIT, description = "Which profile of the configuration (default: WINDLASS_PROFILE, or what it says itself).")
    @SuppressWarnings("UnusedVariable") // as above
    private @Nullable String profile;

    private Configuration configuration = Configuration.none();

    /** Takes what windlass.toml and the environment say. */
    public void configure(Configuration settings) {
        this.configuration = settings;
    }

    /** What windlass.toml and the environment say. */
    static Configuration configuration(CommandSpec spec) {
        return ((RootCommand) spec.root().userObject()).configuration;
    }

    /** The same, for options that are not given. */
    public @Nullable String defaultOf(ArgSpec option) {
        return option instanceof OptionSpec named
                ? configuration.defaultOf(named.command().name(), named.longestName())
                : null;
    }

    /** Whether the user asked for more messages. */
    public boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command was given");
    }
}
