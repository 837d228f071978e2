package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.windlass.cli.JavaCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code windlass} as a process of its own. */
final class CommandProcess {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private CommandProcess() {
    }

    /** What a command that has ended has said. */
    record Ended(int code, String out, String err) {
        JsonNode json() {
            assertThat(code).as(err).isZero();
            return JSON.readTree(out);
        }
    }

    /** Starts one; what it says to people goes to this file. */
    static Process start(Path err, Map<String, String> environment, String... args) throws IOException {
        var builder = new ProcessBuilder(JavaCommand.of(List.of(), List.of(args))).redirectError(err.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs one to its end; what it says to people goes to this file, too. */
    static Ended run(Path err, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        Process process = start(err, environment, args);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return new Ended(code, out, Files.readString(err));
    }
}
