package dev.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.WindlassException;
import dev.windlass.cli.command.RootCommand;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {

    @Test
    void version_eitherWay_isOneLine() {
        CommandRun quick = CommandRun.of("--version");

        assertThat(quick.code()).isEqualTo(ExitCode.DONE);
        assertThat(quick.out()).matches("windlass \\d+\\.\\d+\\.\\d+\\S* \\(Java [^)]+\\)\\R");
        assertThat(CommandRun.of("-V").out()).isEqualTo(quick.out());
        assertThat(CommandRun.of("graph", "--version").out()).isEqualTo(quick.out());
    }

    @Test
    void help_ofEveryCommand_endsWithAnExample() {
        assertHelp(new CommandLine(new RootCommand()));
    }

    private static void assertHelp(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        assertThat(command.getUsageMessage()).as(name).containsPattern("Examples?:\\R +\\S*.*windlass ")
                .contains("--verbose", "--help");
        command.getSubcommands().values().forEach(MainTest::assertHelp);
    }

    @Test
    void wrongUsage_anyKind_isTwoWithoutStackTrace() {
        for (String[] args : new String[][]{{}, {"nope"}, {"graph"}, {"graph", "generate", "star", "--size", "3"},
            {"graph", "generate", "chain"}, {"graph", "generate", "chain", "--size", "many"},
            {"graph", "generate", "chain", "--size", "-1"}, {"graph", "show", "no-such-file.json"},
            {"graph", "show", "a\0b"}, {"--nope"}}) {
            CommandRun run = CommandRun.of(args);
            assertThat(run.code()).as(String.join(" ", args)).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).startsWith("windlass: ").doesNotContain("\tat ");
        }
    }

    @Test
    void verbose_badInput_showsTheStackTrace() {
        CommandRun run = CommandRun.of("graph", "show", "no-such-file.json", "--verbose");

        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).startsWith("windlass: graph file no-such-file.json does not exist").contains("\tat ");
    }

    @Test
    void report_eachKindOfFailure_hasItsCodeAndOneLine() {
        assertReport(new InvalidInputException("bad"), 2, "windlass: bad");
        assertReport(new StoreRefusedException("no"), 3, "windlass: no");
        assertReport(new StoreUnavailableException("gone", null), 3, "windlass: gone");
        assertReport(new WindlassException("failed"), 1, "windlass: failed");
        assertReport(new IllegalStateException("odd"), 1,
                "windlass: unexpected failure: IllegalStateException: odd; --verbose shows where");
        assertReport(new InterruptedException(), 130, "windlass: interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void assertReport(Throwable failure, int code, String line) {
        var err = new StringWriter();
        assertThat(Failures.report(failure, false, new PrintWriter(err))).isEqualTo(code);
        assertThat(err.toString()).isEqualTo(line + System.lineSeparator());
    }

    @Test
    void generate_toFile_isWholeOrNotThere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("chain.json");

        CommandRun made = CommandRun.of("graph", "generate", "chain", "--size", "3", "-o", file.toString());
        CommandRun refused = CommandRun.of("graph", "generate", "montage", "--size", "3", "-o", file.toString());
        CommandRun nowhere = CommandRun.of("graph", "generate", "chain", "--size", "3", "-o", folder + "/no/x.json");
        CommandRun directory = CommandRun.of("graph", "generate", "chain", "--size", "3", "-o", folder.toString());

        assertThat(made).isEqualTo(new CommandRun(0, "", ""));
        assertThat(refused.err()).contains("smallest size is 10");
        assertThat(nowhere.err()).contains("its directory does not exist");
        assertThat(directory.err()).contains("is a directory");
        assertThat(List.of(refused.code(), nowhere.code(), directory.code())).containsOnly(ExitCode.BAD_INPUT);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        CommandRun shown = CommandRun.of("graph", "show", file.toString());
        assertThat(shown.out()).contains("chain-3", "3 levels", "1 task").containsPattern("digest +[0-9a-f]{64}");
        assertThat(CommandRun.of("graph", "show", "--json", file.toString()).out())
                .startsWith("{\"name\":\"chain-3\",\"tasks\":3,\"edges\":2,\"depth\":3,\"width\":1,\"runtimeSeconds\":")
                .endsWith("}" + System.lineSeparator());
    }

    @Test
    void completion_bash_knowsTheCommands() {
        CommandRun run = CommandRun.of("completion");

        assertThat(run.code()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).startsWith("#!/usr/bin/env bash").contains("graph", "generate", "--size");
    }

    @Test
    void javaCommand_startsThisVeryCommand() throws Exception {
        Process process = new ProcessBuilder(JavaCommand.of(List.of("-Xmx64m"), List.of("--version")))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(out).isEqualTo(CommandRun.of("--version").out());
    }
}
