package dev.windlass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.windlass.benchmarks.measure.Measure;
import dev.windlass.benchmarks.measure.Measures;
import dev.windlass.cli.command.RootCommand;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands that docs/performance.md tells to type are commands that there are. */
class PerformanceDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "performance.md");
    private static final Pattern COMMAND = Pattern.compile("\\./(windlass|windlass-bench) ([^`\\n]*)");

    private static List<String> commands() throws IOException {
        var found = new ArrayList<String>();
        Matcher matcher = COMMAND.matcher(Files.readString(DOCUMENT));
        while (matcher.find()) {
            found.add(matcher.group(1) + ' ' + matcher.group(2).replaceFirst("\\s#.*", "").strip());
        }
        return found;
    }

    @Test
    void commands_ofTheDocument_parse() throws IOException {
        List<String> commands = commands();

        assertThat(commands).hasSizeGreaterThan(5);
        for (String command : commands) {
            String[] words = command.split("\\s+", -1);
            String[] args = List.of(words).subList(1, words.length).toArray(new String[0]);
            CommandLine line = words[0].equals("windlass")
                    ? new CommandLine(new RootCommand())
                    : BenchmarksMain.command();
            CommandLine.ParseResult parsed = line.parseArgs(args);
            assertThat(parsed.subcommand()).as(command).isNotNull();
        }
    }

    @Test
    void measures_allOfThem_haveTheirTableInTheDocument() throws IOException {
        assertThat(commands()).containsAll(Measures.ALL.stream().map(Measure::name)
                .map(name -> "windlass-bench measure " + name).toList());
    }

    @Test
    void names_inTheDocument_areMeasures() throws IOException {
        for (String command : commands()) {
            if (command.startsWith("windlass-bench measure ")) {
                for (String word : command.substring("windlass-bench measure ".length()).split(" ", -1)) {
                    assertThat(word.startsWith("--") || Measures.ALL.stream().map(Measure::name).anyMatch(word::equals))
                            .as(command).isTrue();
                }
            }
        }
    }
}
