package dev.windlass.chaos.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.windlass.chaos.ChaosReport;
import dev.windlass.chaos.Fault;
import dev.windlass.chaos.check.Account;
import dev.windlass.chaos.check.Finding;
import dev.windlass.chaos.check.Rule;
import dev.windlass.chaos.ledger.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class ChaosMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine command = ChaosMain.command();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(args);
    }

    @Test
    void options_bad_areRefusedByName(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("there"), "");
        List<List<String>> cases = List.of(List.of("--store is mem:", "--store", "mem:"),
                List.of("--workers is 1", "--workers", "1"), List.of("--seconds is 1", "--seconds", "1"),
                List.of("--lease is 10ms", "--lease", "10ms"), List.of("--drain is 1s", "--drain", "1s"),
                List.of("is not empty", "--work", folder.toString()),
                List.of("no mutant \"nobody\"", "--mutant", "nobody", "--sources", ".."),
                List.of("Unknown option", "--nonsense"));
        for (List<String> one : cases) {
            err.getBuffer().setLength(0);

            assertThat(run(one.subList(1, one.size()).toArray(new String[0]))).as(err + one.toString()).isEqualTo(2);
            assertThat(err.toString()).contains(one.getFirst()).doesNotContain("\tat ");
        }
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void report_asTextAndJson_tellsFaultsCountsAndFindings() {
        Map<Fault, Long> faults = new EnumMap<>(Fault.class);
        faults.put(Fault.KILL_WORKER, 3L);
        var finding = new Finding(Rule.NOT_LOST, "t1", "it is gone", List.of("ledger: {}"));
        var report = new ChaosReport(7, "file:", 61, faults, 0, 9, new Account(Map.of("runs", 4L), List.of(finding)),
                List.of("worker-2 ended"));

        assertThat(ReportText.table(report)).containsPattern("kill -9 of a worker +3\\R")
                .containsPattern("connection reset +no server\\R").containsPattern("runs +4\\R")
                .contains("NOT_LOST (an acknowledged task is there) does not hold of t1: it is gone", "    ledger: {}",
                        "1 things do not add up", "./windlass-chaos --store file: --seed 7", "remark: worker-2 ended");
        JsonNode json = Ledger.JSON.readTree(ReportText.json(report));
        assertThat(json.path("faults").path("kill_worker").asInt()).isEqualTo(3);
        assertThat(json.path("faults").size()).isEqualTo(Fault.values().length);
        assertThat(json.path("sound").asBoolean()).isFalse();
        assertThat(json.path("findings").path(0).path("history").path(0).asString()).isEqualTo("ledger: {}");
    }
}
