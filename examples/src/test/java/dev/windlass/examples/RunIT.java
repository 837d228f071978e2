package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.windlass.Windlass;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The main job, by real worker processes, on a directory. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunIT {
    private static final Path EXAMPLES = Path.of("workflows").toAbsolutePath();
    private static final Path RECORDINGS = Path.of("../../shared/data/workflows").toAbsolutePath().normalize();
    /** Of examples/workflows/montage.json, as any program can compute it. */
    static final String MONTAGE = "2e24b9ca10d1def3084e7cf6be305a5462bb5008bcc8fb902197ff3b448714f4";
    /** Of the recording of a Montage run. */
    private static final String RECORDED_MONTAGE = "d69927ab7a16c83750187054c663963084cddc847ee09f554c9e690c9fab4a5e";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private Process start(Map<String, String> environment, String... args) throws IOException {
        return CommandProcess.start(directory.resolve("err"), environment, args);
    }

    private CommandProcess.Ended run(Map<String, String> environment, String... args) throws Exception {
        return CommandProcess.run(directory.resolve("err"), environment, args);
    }

    private String store() {
        return "file:" + directory.resolve("store");
    }

    private static String example(String name) {
        return EXAMPLES.resolve(name + ".json").toString();
    }

    @Test
    void run_onADirectory_yieldsTheGraphsDigest() throws Exception {
        JsonNode report = run(Map.of(), "run", example("montage"), "--store", store(), "--json").json();

        assertThat(report.path("digest").asString()).isEqualTo(MONTAGE);
        assertThat(report.path("status").asString()).isEqualTo("COMPLETED");
        assertThat(report.path("steps").asInt()).isEqualTo(300);
        assertThat(report.path("restarts").asInt()).isZero();
        assertThat(report.path("requests").path("put").asInt()).isGreaterThanOrEqualTo(300);
    }

    @Test
    void run_underChaos_yieldsTheSameDigest() throws Exception {
        JsonNode report = run(Map.of(), "run", example("montage"), "--store", store(), "--time-scale", "0.03",
                "--chaos",
                "--json").json();

        assertThat(report.path("digest").asString()).isEqualTo(MONTAGE);
        assertThat(report.path("restarts").asInt()).isPositive();
    }

    @Test
    void run_recordingOfARealWorkflow_yieldsItsDigest() throws Exception {
        Path recording = RECORDINGS.resolve("montage-chameleon-2mass-015d-001.json");
        assumeTrue(Files.exists(recording), "the recordings are not there: " + RECORDINGS);

        JsonNode report = run(Map.of(), "run", recording.toString(), "--store", store(), "--json").json();

        assertThat(report.path("digest").asString()).isEqualTo(RECORDED_MONTAGE);
    }

    @Test
    void run_interruptedAndResumed_repeatsNoFinishedStep() throws Exception {
        Process process = start(Map.of(), "run", example("montage"), "--store", store(), "--time-scale", "0.05");
        String runId = null;
        try (var windlass = Windlass.connect(store())) {
            Workflows workflows = Workflows.on(windlass.engine());
            runId = awaitSomeSteps(process, workflows);
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isIn(130, 143);
            String said = Files.readString(directory.resolve("err"));
            assertThat(said).contains("--resume " + runId);
            Map<String, Instant> before = finishTimes(workflows, runId);
            assertThat(before).isNotEmpty().hasSizeLessThan(300);

            JsonNode report = run(Map.of(), "run", example("montage"), "--store", store(), "--resume", runId, "--json")
                    .json();

            assertThat(report.path("digest").asString()).isEqualTo(MONTAGE);
            assertThat(finishTimes(workflows, runId)).containsAllEntriesOf(before);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Waits until the run has recorded some steps, and says its id, as the command has printed it. */
    private String awaitSomeSteps(Process process, Workflows workflows) throws Exception {
        while (process.isAlive()) {
            String said = Files.readString(directory.resolve("err"));
            int at = said.indexOf("windlass: run ");
            if (at >= 0) {
                String runId = said.substring(at + 14).split(" ", 2)[0];
                if (workflows.handle(runId).progress().finished() >= 20) {
                    return runId;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50); // another process is watched: there is no signal to wait for
        }
        throw new AssertionError("it ended: " + Files.readString(directory.resolve("err")));
    }

    private static Map<String, Instant> finishTimes(Workflows workflows, String runId) throws InterruptedException {
        var times = new HashMap<String, Instant>();
        for (StepInfo step : workflows.handle(runId).steps()) {
            times.put(step.name(), step.finishedAt());
        }
        return times;
    }

    @Test
    void run_badInput_saysWhatIsWrongAndWritesNothing() throws Exception {
        Path noJson = Files.writeString(directory.resolve("no.json"), "{ nothing");
        Path empty = Files.writeString(directory.resolve("empty.json"),
                "{\"name\":\"e\",\"schemaVersion\":\"1.4\",\"workflow\":{\"tasks\":[]}}");
        var cases = new ArrayList<List<String>>();
        cases.add(List.of("2", "line 1", noJson.toString()));
        cases.add(List.of("2", "no tasks", empty.toString()));
        cases.add(List.of("2", "missing.json", directory.resolve("missing.json").toString()));
        cases.add(List.of("2", "--workers is -1", example("diamond"), "--workers", "-1"));
        cases.add(List.of("2", "--time-scale is -2.0", example("diamond"), "--time-scale", "-2"));
        cases.add(List.of("2", "nowhere", example("diamond"), "--resume", "nowhere"));
        for (List<String> one : cases) {
            var args = new ArrayList<>(List.of("run", one.get(2), "--store", store()));
            args.addAll(one.subList(3, one.size()));

            CommandProcess.Ended ended = run(Map.of(), args.toArray(new String[0]));

            assertThat(ended.code()).as(one + ended.err()).isEqualTo(Integer.parseInt(one.get(0)));
            assertThat(ended.err()).contains(one.get(1)).doesNotContain("\tat ");
            assertThat(directory.resolve("store")).as(one.toString()).doesNotExist();
        }
        assertThat(run(Map.of(), "run", example("diamond"), "--store", "mem:").code()).isEqualTo(2);
        assertThat(run(Map.of(), "run", example("diamond"), "--store", "ftp://x/y").code()).isEqualTo(2);
        assertThat(run(Map.of("AWS_ACCESS_KEY_ID", "x", "AWS_SECRET_ACCESS_KEY", "y"), "run", example("diamond"),
                "--store", "s3://bucket/p?endpoint=http://127.0.0.1:1&region=us-east-1").code()).isEqualTo(3);
    }

    @Test
    void run_onTheLastLine_printsNothingButJson() throws Exception {
        Process process = start(Map.of(), "run", example("diamond"), "--store", store(), "--json");
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = out.lines().toList();
            assertThat(lines).hasSize(1);
            assertThat(CommandProcess.JSON.readTree(lines.getFirst()).propertyNames()).containsExactly("workflow",
                    "runId", "status",
                    "steps", "digest", "seconds", "workers", "restarts", "requests", "requestsPerStep");
        }
        assertThat(process.waitFor()).isZero();
    }
}
