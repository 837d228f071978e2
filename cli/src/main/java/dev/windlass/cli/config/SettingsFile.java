package dev.windlass.cli.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.KnownNames;
import dev.windlass.cli.Problems;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A windlass.toml, checked: names that are not known and values of the wrong kind are errors, also in profiles that are not
 * used, and all are told at once.
 *
 * @param name of the file, for people
 * @param profile the profile that it chooses, or null
 * @param general what stands outside of profiles
 * @param profiles what stands in each
 */
record SettingsFile(String name, @Nullable String profile, Map<Setting, List<String>> general,
        Map<String, Map<Setting, List<String>>> profiles) {
    private static final String USUAL = "windlass.toml";
    private static final long MOST = 1024 * 1024;
    private static final TomlMapper MAPPER = TomlMapper.builder().build();
    private static final String PROFILE = "profile";
    private static final String PROFILES = "profiles";

    /**
     * Reads it.
     *
     * @param named where it is; null for the windlass.toml of the folder, which may be missing
     * @return null if there is none
     */
    static @Nullable SettingsFile read(@Nullable String named) {
        String name = named == null ? USUAL : named;
        try {
            Path path = Path.of(name);
            if (named == null && !Files.exists(path)) {
                return null;
            }
            if (Files.isDirectory(path)) {
                throw new InvalidInputException("the configuration " + name + " is a directory; name a file");
            }
            if (Files.size(path) > MOST) {
                throw new InvalidInputException(
                        "the configuration " + name + " is longer than 1 MiB; is it the right file?");
            }
            return parse(name, Files.readString(path, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("the configuration " + name + " does not exist; check its name", e);
        } catch (AccessDeniedException e) {
            throw new InvalidInputException("the configuration " + name + " cannot be read: permission denied", e);
        } catch (InvalidPathException e) {
            throw new InvalidInputException("the configuration " + name + " is no possible file name: " + e.getReason(),
                    e);
        } catch (IOException e) {
            throw new InvalidInputException("the configuration " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    static SettingsFile parse(String name, String text) {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new InvalidInputException("the configuration " + name + " is not TOML"
                    + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr()) + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse("syntax error"), e);
        }
        var problems = new PlacedProblems("the configuration " + name, MAPPER, text);
        var general = new EnumMap<Setting, List<String>>(Setting.class);
        var profiles = new TreeMap<String, Map<Setting, List<String>>>();
        String profile = null;
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            JsonNode value = field.getValue();
            if (field.getKey().equals(PROFILES)) {
                readProfiles(value, profiles, problems);
            } else if (field.getKey().equals(PROFILE)) {
                profile = value.isString() ? value.asString() : null;
                if (profile == null) {
                    problems.add(List.of(PROFILE), "profile is " + shown(value) + "; use the name of a profile");
                }
            } else {
                read(List.of(), List.of(field.getKey()), value, general, problems);
            }
        }
        if (profile != null && !profiles.containsKey(profile)) {
            problems.add(List.of(PROFILE),
                    "profile is " + Problems.quote(profile) + ", and there is no table [profiles." + profile
                            + "]; add it, or name one of " + profiles.keySet());
        }
        problems.throwIfAny();
        return new SettingsFile(name, profile, general, profiles);
    }

    private static void readProfiles(JsonNode value, Map<String, Map<Setting, List<String>>> profiles,
            PlacedProblems problems) {
        if (!(value instanceof ObjectNode tables)) {
            problems.add(List.of(PROFILES), "profiles is " + shown(value) + "; write tables [profiles.NAME]");
            return;
        }
        for (Map.Entry<String, JsonNode> table : tables.properties()) {
            var settings = new EnumMap<Setting, List<String>>(Setting.class);
            if (table.getValue() instanceof ObjectNode fields) {
                fields.properties().forEach(field -> read(List.of(PROFILES, table.getKey()), List.of(field.getKey()),
                        field.getValue(), settings, problems));
            } else {
                problems.add(List.of(PROFILES, table.getKey()),
                        "profiles." + table.getKey() + " is " + shown(table.getValue())
                                + "; write a table [profiles." + table.getKey() + "]");
            }
            profiles.put(table.getKey(), settings);
        }
    }

    /**
     * Reads what stands under a key.
     *
     * @param before the names that lead to the profile, or none
     * @param names the names from there to the key
     */
    private static void read(List<String> before, List<String> names, JsonNode value,
            Map<Setting, List<String>> settings, PlacedProblems problems) {
        String key = String.join(".", names);
        Setting setting = Stream.of(Setting.values()).filter(each -> each.key().equals(key)).findFirst().orElse(null);
        if (setting != null) {
            readValue(before, names, setting, value, settings, problems);
        } else if (value instanceof ObjectNode table && isTable(key)) {
            table.properties().forEach(
                    field -> read(before, joined(names, List.of(field.getKey())), field.getValue(), settings,
                            problems));
        } else {
            problems.add(joined(before, names), (before.isEmpty() ? "" : "in [" + String.join(".", before) + "], ")
                    + unknown(key, value, before.isEmpty()));
        }
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** What is perhaps meant: a setting, and of a table, one of those. */
    private static String unknown(String key, JsonNode value, boolean top) {
        var known = new ArrayList<String>();
        if (value instanceof ObjectNode) {
            known.addAll(tables());
        } else {
            Stream.of(Setting.values()).map(Setting::key).forEach(known::add);
        }
        if (top && value instanceof ObjectNode) {
            known.add(PROFILES);
        } else if (top) {
            known.add(PROFILE);
        }
        String secret = key.matches("(?i).*(secret|access.?key|password|token).*")
                ? ". Secrets do not belong here: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
                : "";
        return KnownNames.unknown(key, known) + secret;
    }

    private static List<String> tables() {
        return Stream.of(Setting.values()).map(Setting::key).filter(key -> key.indexOf('.') > 0)
                .map(key -> key.substring(0, key.indexOf('.'))).distinct().toList();
    }

    private static boolean isTable(String key) {
        return tables().contains(key);
    }

    private static void readValue(List<String> before, List<String> names, Setting setting, JsonNode value,
            Map<Setting, List<String>> settings, PlacedProblems problems) {
        List<String> texts = texts(setting.kind(), value);
        String problem = texts == null ? "is of the wrong kind" : firstProblem(setting.kind(), texts);
        if (problem != null) {
            problems.add(joined(before, names),
                    String.join(".", joined(before, names)) + " is " + shown(value) + ", which " + problem + "; use "
                            + setting.kind().wanted());
        } else if (texts != null) {
            settings.put(setting, texts);
        }
    }

    private static @Nullable String firstProblem(Setting.Kind kind, List<String> texts) {
        for (String text : texts) {
            String problem = kind.problem(text);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** The texts of a value, or null if it is of another kind. */
    private static @Nullable List<String> texts(Setting.Kind kind, JsonNode value) {
        return switch (kind) {
            case TEXT, DURATION -> value.isString() ? List.of(value.asString()) : null;
            case FLAG -> value.isBoolean() ? List.of(String.valueOf(value.asBoolean())) : null;
            case NUMBER -> value.isIntegralNumber() ? List.of(value.asString()) : null;
            case LIST -> {
                var texts = new ArrayList<String>();
                for (JsonNode each : value) {
                    if (!each.isString()) {
                        yield null;
                    }
                    texts.add(each.asString());
                }
                yield value.isArray() && !texts.isEmpty() ? texts : null;
            }
        };
    }

    private static String shown(JsonNode value) {
        return value.isString()
                ? Problems.quote(value.asString())
                : value.isContainer() ? "a table or list" : value.asString();
    }

    /** What a profile holds. */
    static Map<Setting, List<String>> require(@Nullable SettingsFile file, String profile) {
        if (file == null) {
            throw new InvalidInputException("The profile " + Problems.quote(profile)
                    + " is asked for, but there is no windlass.toml here. Write one, or name it by --config.");
        }
        Map<Setting, List<String>> settings = file.profiles.get(profile);
        if (settings == null) {
            throw new InvalidInputException("The profile " + Problems.quote(profile)
                    + " is not in the configuration " + file.name + ": "
                    + (file.profiles.isEmpty()
                            ? "it has none"
                            : KnownNames.unknown(profile,
                                    List.copyOf(file.profiles.keySet())))
                    + ".");
        }
        return settings;
    }
}
