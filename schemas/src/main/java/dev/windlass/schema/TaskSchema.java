package dev.windlass.schema;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The schemas of a type of tasks, as they are published.
 *
 * @param type the name of the type
 * @param input the JSON Schema of its inputs, as JSON; null if any input will do
 * @param output that of its results; null if any will do
 * @param version how often schemas of this type were published or deleted, this time included: 1 or more
 * @param publishedAt when, by the store's time
 * @param publishedBy who, or null if that was not said
 */
public record TaskSchema(String type, @Nullable String input, @Nullable String output, long version,
        Instant publishedAt, @Nullable String publishedBy) {}
