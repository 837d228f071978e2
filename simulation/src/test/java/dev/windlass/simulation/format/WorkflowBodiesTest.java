package dev.windlass.simulation.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What is stored of runs has the fields that docs/workflow.md names, no more and no fewer: in the fixtures, whose newest
 * folder has all of them, and in what this version writes.
 */
class WorkflowBodiesTest {
    private static final Path TEXT = Path.of("..", "docs", "workflow.md");
    /** What users put in, and what stands in a text of its own. */
    private static final Set<String> VALUES = Set.of("result", "input", "value", "parents", "definition");
    private static final Map<String, String> FOLDERS = Map.of("steps", "run-step", "begun", "run-begun", "signals",
            "run-signal", "state.json", "run-state", "result.json", "run-result", "checkpoint.json", "run-checkpoint");

    private static @Nullable String kind(String key, JsonNode json) {
        if (key.startsWith("workflow/")) {
            String rest = key.replaceFirst("^workflow/[^/]+/(runs/\\d+/)?", "");
            return FOLDERS.get(rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest);
        }
        String type = key.startsWith("tasks/") ? json.path("type").asString("") : "";
        return type.equals("workflow-dag")
                ? "run-graph"
                : type.startsWith("workflow-function:")
                        ? "run-function"
                        : type.startsWith("workflow-step:") ? "run-step-task" : null;
    }

    private static void note(SortedMap<String, byte[]> objects, Map<String, SortedSet<String>> fields) {
        objects.forEach((key, body) -> {
            JsonNode json = FixtureFolders.parsed(body);
            String kind = kind(key, json);
            if (kind != null) {
                collect("", key.startsWith("tasks/") ? json.path("input") : json,
                        fields.computeIfAbsent(kind, any -> new TreeSet<>()));
            }
        });
    }

    private static void collect(String path, JsonNode node, Set<String> fields) {
        if (!node.isObject()) {
            return;
        }
        node.properties().forEach(field -> {
            boolean named = path.equals("steps") || path.equals("retries");
            String at = (path.isEmpty() ? "" : path + '.') + (named ? "*" : field.getKey());
            fields.add(at);
            if (!VALUES.contains(at) && !at.endsWith(".result")) {
                collect(at, field.getValue(), fields);
            }
        });
    }

    /** The first column of the table behind the marker; {@code steps.*} are outcomes, as the table of those says. */
    private static Set<String> rows(String text, String kind) {
        var rows = new TreeSet<String>();
        int start = text.indexOf("<!-- fields: " + kind + " -->");
        assertThat(start).as("the table of the fields of " + kind).isNotNegative();
        int end = text.indexOf("\n\n", start);
        Matcher matcher = Pattern.compile("(?m)^\\| `([^`]+)` \\|").matcher(text.substring(start, end));
        while (matcher.find()) {
            rows.add(matcher.group(1));
        }
        return rows;
    }

    private static Set<String> withoutOutcomes(Set<String> fields) {
        var left = new TreeSet<String>(fields);
        left.removeIf(field -> field.startsWith("steps.*."));
        return left;
    }

    @Test
    void bodies_inTheFixturesAndNow_haveTheFieldsOfTheText() throws IOException {
        var fields = new TreeMap<String, SortedSet<String>>();
        for (String folder : FixtureFolders.folders()) {
            note(FixtureFolders.of(folder), fields);
        }
        var now = new TreeMap<String, SortedSet<String>>();
        note(FormatWorld.play(), now);
        String text = Files.readString(TEXT);

        assertThat(now.keySet()).isEqualTo(fields.keySet());
        fields.forEach((kind, all) -> {
            assertThat(withoutOutcomes(all)).as("fields of " + kind).isEqualTo(rows(text, kind));
            assertThat(now.get(kind)).as("fields that this version writes of " + kind).isEqualTo(all);
            Set<String> step = rows(text, "run-step");
            all.stream().filter(field -> field.startsWith("steps.*.")).forEach(field -> assertThat(step)
                    .as("outcomes in " + kind).contains(field.substring("steps.*.".length())));
        });
    }
}
