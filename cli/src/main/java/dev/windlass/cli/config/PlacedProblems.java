package dev.windlass.cli.config;

import java.util.List;

import dev.windlass.cli.Problems;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.toml.TomlMapper;

/** What is wrong in a TOML file, each with its line and column. Not safe for use by several threads. */
final class PlacedProblems {
    private final Problems problems;
    private final TomlMapper mapper;
    private final String text;
    private @Nullable TomlPlaces places;

    /**
     * None so far.
     *
     * @param subject what the file is called in messages
     * @param mapper has read it
     * @param text what it holds
     */
    PlacedProblems(String subject, TomlMapper mapper, String text) {
        this.problems = new Problems(subject);
        this.mapper = mapper;
        this.text = text;
    }

    /**
     * Adds one.
     *
     * @param path the names that lead to the key or table
     */
    void add(List<String> path, String problem) {
        if (places == null) {
            places = new TomlPlaces(mapper, text);
        }
        problems.add(places.of(path) + ": " + problem);
    }

    /** @throws dev.windlass.InvalidInputException with all of them, if there are any */
    void throwIfAny() {
        problems.throwIfAny();
    }
}
