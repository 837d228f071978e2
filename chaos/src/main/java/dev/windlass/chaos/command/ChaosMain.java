package dev.windlass.chaos.command;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import dev.windlass.InvalidInputException;
import dev.windlass.chaos.ChaosOptions;
import dev.windlass.chaos.FaultCounts;
import dev.windlass.chaos.process.ChaosRun;
import dev.windlass.chaos.process.Place;
import dev.windlass.cli.ExitCode;
import dev.windlass.cli.command.DurationConverter;
import dev.windlass.simulation.mutant.MutantClasses;
import dev.windlass.store.StoreException;
import dev.windlass.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code windlass-chaos} command. */
@Command(name = "windlass-chaos", mixinStandardHelpOptions = true, subcommands = {WorkerCommand.class,
    ProducerCommand.class}, description = {
        "Lets producers and workers work in processes of their own, kills, stops and ends some of them at random,",
        "and on s3: also their server and their requests; then lets all drain, and accounts for every task and run",
        "that was acknowledged.",
        "Exits with 0 if all adds up, 1 if it does not, 2 on bad input, 3 without an S3 server, 130 if interrupted."}, footerHeading = "%nExample:%n", footer = "  windlass-chaos --store s3: --seconds 300 --seed 7")
public final class ChaosMain implements Callable<Integer> {
    private static final Duration FILE_LEASE = Duration.ofSeconds(3);
    private static final Duration S3_LEASE = Duration.ofSeconds(8);
    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(4);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--store", defaultValue = "file:", description = "file: for a directory, s3: for a versitygw that is started for it. Default: ${DEFAULT-VALUE}")
    private String store = "file:";

    @Option(names = "--seconds", defaultValue = "45", description = "How long faults go on. Default: ${DEFAULT-VALUE}")
    private long seconds;

    @Option(names = "--seed", description = "Decides what is drawn. Default: another one each time; it is printed.")
    private @Nullable Long seed;

    @Option(names = "--workers", defaultValue = "3", description = "Worker processes. Default: ${DEFAULT-VALUE}")
    private int workers;

    @Option(names = "--producers", defaultValue = "2", description = "Producer processes. Default: ${DEFAULT-VALUE}")
    private int producers;

    @Option(names = "--lease", converter = DurationConverter.class, description = "The workers' leases. Default: 3s on file:, 8s on s3:, where more than 6s is needed.")
    private @Nullable Duration lease;

    @Option(names = "--pause", defaultValue = "150ms", converter = DurationConverter.class, description = "What each producer waits from task to task. Default: ${DEFAULT-VALUE}")
    private Duration pause = Duration.ZERO;

    @Option(names = "--drain", defaultValue = "3m", converter = DurationConverter.class, description = "How long all may take to end afterwards. Default: ${DEFAULT-VALUE}")
    private Duration drain = Duration.ZERO;

    @Option(names = "--work", description = "An empty folder for ledgers and error output, which is kept. Default: a temporary one, kept if something does not add up.")
    private @Nullable Path work;

    @Option(names = "--mutant", description = "Break the product on purpose, by a mutant of the simulator: it must be found.")
    private @Nullable String mutant;

    @Option(names = "--sources", hidden = true, defaultValue = "${sys:windlass.sources:-.}", description = "The project's root, for --mutant.")
    private Path sources = Path.of(".");

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    private ChaosMain() {
    }

    /** Runs the command, and ends the process with its exit code. */
    @SuppressWarnings("SystemExitOutsideMain") // This is main.
    public static void main(String[] args) {
        System.exit(command().execute(args));
    }

    static CommandLine command() {
        var command = new CommandLine(new ChaosMain());
        return command.setExecutionExceptionHandler((failure, failed, parsed) -> {
            failed.getErr().println("windlass-chaos: " + failure.getMessage());
            failed.getErr().flush();
            return switch (failure) {
                case InvalidInputException e -> ExitCode.BAD_INPUT;
                case StoreException e -> ExitCode.STORE;
                case InterruptedException e -> ExitCode.INTERRUPTED;
                default -> {
                    failure.printStackTrace(failed.getErr());
                    yield ExitCode.FAILED;
                }
            };
        });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean s3 = store.equals("s3:");
        if (!s3 && !store.equals("file:")) {
            throw new ParameterException(spec.commandLine(), "--store is " + store
                    + "; use file: or s3:, a fresh place is made for the run");
        }
        Path folder = work == null ? Files.createTempDirectory("windlass-chaos-") : fresh(work);
        boolean keep = work != null;
        try {
            long drawn = seed == null ? new Random().nextInt(1_000_000) : seed;
            String classPath = System.getProperty("java.class.path");
            if (mutant != null) {
                Path classes = folder.resolve("mutant");
                MutantClasses.write(sources, mutant, classes);
                classPath = classes + File.pathSeparator + classPath;
            }
            Duration ttl = lease != null ? lease : s3 ? S3_LEASE : FILE_LEASE;
            var options = new ChaosOptions(drawn, Duration.ofSeconds(seconds), drain, workers, producers, ttl, pause,
                    folder, classPath);
            say("seed " + drawn + ", store " + store + ", lease " + ttl.toMillis() + " ms, work in " + folder);
            var counts = new FaultCounts();
            try (Place place = s3
                    ? server(drawn, counts)
                    : Place.directory(folder.resolve("store"))) {
                ChaosRun.Outcome outcome = new ChaosRun(options, place, counts, ChaosMain.class, this::say).run();
                PrintWriter out = spec.commandLine().getOut();
                out.print(json ? ReportText.json(outcome.report()) : ReportText.table(outcome.report()));
                out.flush();
                keep |= !outcome.report().isSound();
                return outcome.report().isSound() ? ExitCode.DONE : ExitCode.FAILED;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            keep = keep || !(e instanceof InvalidInputException || e instanceof StoreException);
            throw e;
        } finally {
            if (keep) {
                say("ledgers and error output are in " + folder);
            } else {
                deleteAll(folder);
            }
        }
    }

    private Place server(long drawn, FaultCounts counts) throws IOException {
        try {
            return Place.server(drawn, CLIENT_TIMEOUT, counts);
        } catch (RuntimeException | AssertionError e) {
            throw new StoreUnavailableException("there is no S3 server for this: " + e.getMessage(),
                    e);
        }
    }

    private static Path fresh(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> content = Files.list(folder)) {
                if (content.findAny().isPresent()) {
                    throw new InvalidInputException("--work " + folder + " is not empty; name another folder");
                }
            }
        }
        return Files.createDirectories(folder).toAbsolutePath();
    }

    private void say(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("windlass-chaos: " + text);
        err.flush();
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
