package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.windlass.Windlass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The files in {@code examples/deploy} start a worker that works, and that leaves in good order when it is told to. */
@Timeout(120)
class DeployTest {
    private static final Path DEPLOY = Path.of("deploy");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** What a JVM that SIGTERM has ended leaves with. */
    private static final int TERMINATED = 143;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    /** The words of the command that a container runs. */
    private static List<String> entryPoint() throws IOException {
        Matcher line = Pattern.compile("(?m)^ENTRYPOINT (\\[.*])$")
                .matcher(Files.readString(DEPLOY.resolve("Containerfile")));
        assertThat(line.find()).isTrue();
        var words = new ArrayList<String>();
        MAPPER.readTree(line.group(1)).forEach(word -> words.add(word.asString("")));
        return words;
    }

    /** The words of the command that systemd runs. */
    private static List<String> execStart() throws IOException {
        Matcher line = Pattern.compile("(?m)^ExecStart=(.*)$")
                .matcher(Files.readString(DEPLOY.resolve("orders-worker@.service")));
        assertThat(line.find()).isTrue();
        return List.of(line.group(1).split(" ", -1));
    }

    @Test
    void entryPoint_startsAWorkerThatDrainsAtSigterm() throws Exception {
        worksAndDrains(entryPoint());
    }

    @Test
    void execStart_startsAWorkerThatDrainsAtSigterm() throws Exception {
        worksAndDrains(execStart());
    }

    /** The same command, but for the JVM and for where the jars are. */
    private void worksAndDrains(List<String> words) throws Exception {
        String store = "file:" + directory.resolve("store");
        var command = new ArrayList<>(words);
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.set(command.indexOf("-cp") + 1, System.getProperty("java.class.path"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("WINDLASS_STORE", store);
        try (var windlass = Windlass.connect(store)) {
            var handle = windlass.queue("orders").submit(OrdersWorker.FULFIL, new OrdersWorker.Order("o-1", 3));
            Process process = builder.start();
            started.add(process);
            assertThat(handle.await(Duration.ofSeconds(60))).isEqualTo("3 items for o-1");

            process.toHandle().destroy(); // SIGTERM; what it says last can still be read
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(output.lines()).anySatisfy(line -> assertThat(line).startsWith("worker "))
                        .contains("all done");
            }
            assertThat(process.waitFor()).isEqualTo(TERMINATED);
        }
    }

    @Test
    void unit_isWhatSystemdTakes() throws Exception {
        Path tool = Path.of("/usr/bin/systemd-analyze");
        assumeTrue(Files.isExecutable(tool), "systemd is not here, so its own check of the unit is skipped");
        String unit = Files.readString(DEPLOY.resolve("orders-worker@.service")).replace("/usr/bin/java", "/bin/sh");
        Path copy = Files.writeString(directory.resolve("orders-worker@1.service"), unit);
        Process process = new ProcessBuilder(tool.toString(), "verify", copy.toString()).redirectErrorStream(true)
                .start();
        started.add(process);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).doesNotContain("orders-worker@1.service:");
    }
}
