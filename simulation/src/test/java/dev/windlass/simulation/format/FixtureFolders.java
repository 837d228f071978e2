package dev.windlass.simulation.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folders of fixtures: the objects in each by key, and the fields that they have. */
final class FixtureFolders {
    static final Path FIXTURES = Path.of("..", "fixtures");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private FixtureFolders() {
    }

    /** Of all formats: {@code format-1/0.1}. */
    static List<String> folders() throws IOException {
        try (Stream<Path> folders = Files.walk(FIXTURES, 2)) {
            return folders.filter(folder -> Files.isDirectory(folder) && folder.getNameCount() == 4)
                    .map(FixtureFolders::name).sorted().toList();
        }
    }

    private static String name(Path folder) {
        return FIXTURES.relativize(folder).toString().replace('\\', '/');
    }

    /** The objects of a folder by key. */
    static SortedMap<String, byte[]> of(String folder) throws IOException {
        var objects = new TreeMap<String, byte[]>();
        try (Stream<Path> files = Files.walk(FIXTURES.resolve(folder))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                objects.put(name(file).substring(folder.length() + 1), Files.readAllBytes(file));
            }
        }
        return objects;
    }

    /** A missing node of an object that is no JSON, as the poison body is, or that is not there. */
    static JsonNode parsed(byte @Nullable [] body) {
        try {
            return body == null ? MAPPER.missingNode() : MAPPER.readTree(body);
        } catch (RuntimeException e) {
            return MAPPER.missingNode();
        }
    }

    /** The fields of each kind of object: {@code tasks/ retry.jitter}. */
    static SortedSet<String> fields(SortedMap<String, byte[]> objects) {
        var fields = new TreeSet<String>();
        objects.forEach((key, body) -> {
            String kind = key.startsWith("workflow/")
                    ? key.replaceFirst("^workflow/[^/]+/(runs/\\d+/)?", "").replaceFirst("/.*", "/") + ' '
                    : key.substring(0, key.indexOf('/') + 1) + ' ';
            if (!key.startsWith("payloads/")) {
                collect(kind, parsed(body), fields);
            }
        });
        return fields;
    }

    /** What users put in, and names that they give, are not the format's. */
    private static void collect(String path, JsonNode node, Set<String> fields) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                boolean named = path.endsWith(" steps") || path.endsWith(" retries") || path.endsWith(" parents");
                String at = named ? path + " *" : path + (path.endsWith(" ") ? "" : ".") + field.getKey();
                fields.add(at);
                if (!Set.of("input", "output", "result").contains(field.getKey()) || path.startsWith("tasks/ input")) {
                    collect(at, field.getValue(), fields);
                }
            });
        } else if (node.isArray()) {
            node.forEach(element -> collect(path + "[]", element, fields));
        }
    }
}
