package dev.windlass.simulation.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulatorMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine command = SimulatorMain.command();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(args);
    }

    @Test
    void seeds_all_hold() {
        assertThat(run("seeds", "--from", "100", "--count", "20", "--jobs", "1")).as("%s", out).isZero();
        assertThat(out.toString()).contains("20 histories", "0 failed");
    }

    @Test
    void replay_wholeSeed_printsPlanAndTrace() {
        assertThat(run("replay", "8")).isZero();
        assertThat(out.toString()).contains("SUBMIT #0", "PUT tasks/", "All held");
    }

    /** Without the option that lets one thread carry all others: the platform's scheduler must make no difference. */
    @Test
    void replay_inAnotherJvm_sameHistoryToTheByte() throws IOException, InterruptedException {
        assertThat(run("replay", "12")).isZero();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), SimulatorMain.class.getName(), "replay", "12")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String other = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(other).isEqualTo(out.toString());
    }

    @Test
    void replay_inPart_leavesOutWhatIsSaid() {
        assertThat(run("replay", "8", "--without", "0,2-4")).isZero();
        assertThat(out.toString()).contains("SUBMIT #1", "SUBMIT #5").doesNotContain("SUBMIT #0", "SUBMIT #3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"replay 7 --without 4-2 | --without has \"4-2\"",
        "replay 7 --without x | --without has \"x\"", "replay seven | Invalid value", "seeds --count 0 | 1 or more",
        "'' | Which command?"})
    void command_askedWrongly_isRefusedWithTheReason(String line, String reason) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(reason);
    }
}
