package dev.windlass.cli.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Where keys and tables stand in a TOML file, which its tree does not tell. A statement of TOML is whole by itself, but for the table
 * that it is in; so each is read alone, with as many lines as it takes. For files that have been read as a whole.
 */
final class TomlPlaces {
    private final TomlMapper mapper;
    private final List<String> lines;
    private final Map<List<String>, String> places = new HashMap<>();

    TomlPlaces(TomlMapper mapper, String text) {
        this.mapper = mapper;
        this.lines = text.lines().toList();
        List<String> table = List.of();
        int first = 0;
        while (first < lines.size()) {
            int end = first + 1;
            JsonNode statement = read(first, end);
            while (statement == null && end < lines.size()) {
                statement = read(first, ++end);
            }
            boolean header = lines.get(first).strip().startsWith("[");
            List<String> at = header ? List.of() : table;
            if (statement != null) {
                add(at, statement, first, end);
            }
            if (header && statement != null) {
                table = named(statement);
            }
            first = end;
        }
    }

    private @Nullable JsonNode read(int from, int to) {
        try {
            return mapper.readTree(String.join("\n", lines.subList(from, to)));
        } catch (JacksonException e) {
            return null;
        }
    }

    /** The names in a header, which holds nothing else. */
    private static List<String> named(JsonNode header) {
        var names = new ArrayList<String>();
        JsonNode node = header;
        while (!node.isEmpty()) {
            if (node instanceof ObjectNode table) {
                Map.Entry<String, JsonNode> only = table.properties().iterator().next();
                names.add(only.getKey());
                node = only.getValue();
            } else {
                node = node.path(0); // one of several tables of a name
            }
        }
        return List.copyOf(names);
    }

    private void add(List<String> before, JsonNode node, int first, int end) {
        if (node instanceof ObjectNode table) {
            for (Map.Entry<String, JsonNode> field : table.properties()) {
                var path = new ArrayList<>(before);
                path.add(field.getKey());
                places.putIfAbsent(List.copyOf(path), place(field.getKey(), first, end));
                add(path, field.getValue(), first, end);
            }
        }
    }

    /** Of the statement's lines the first that names it; its beginning, if it is written in another way there. */
    private String place(String name, int first, int end) {
        Pattern whole = Pattern.compile("(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])");
        for (int i = first; i < end; i++) {
            Matcher matcher = whole.matcher(lines.get(i));
            if (matcher.find()) {
                return place(i, matcher.start());
            }
        }
        return place(first, lines.get(first).length() - lines.get(first).stripLeading().length());
    }

    private static String place(int line, int column) {
        return "line " + (line + 1) + ", column " + (column + 1);
    }

    /**
     * Where it stands first.
     *
     * @param path the names that lead to it
     * @return such as "line 3, column 1"
     */
    String of(List<String> path) {
        return places.getOrDefault(path, "line 1, column 1");
    }
}
