package dev.windlass.cli.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import dev.windlass.cli.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What is set, and by whom. The order is the same for every setting: an option, then the environment, then the profile of
 * windlass.toml, then what stands there outside of profiles, then the default. Immutable.
 */
public final class Configuration {
    /** Names the file, if it is not the windlass.toml of the folder. */
    public static final String FILE_VARIABLE = "WINDLASS_CONFIG";
    /** Names the profile. */
    public static final String PROFILE_VARIABLE = "WINDLASS_PROFILE";
    private static final int FROM_FILE = 1;
    private static final int FROM_PROFILE = 2;
    private static final int FROM_ENVIRONMENT = 3;

    private final Map<Setting, Value> values;
    private final @Nullable String source;
    private final @Nullable String profile;

    /**
     * A value.
     *
     * @param texts one text, but for a list
     * @param origin who has set it, for people
     * @param rank higher ones win
     */
    public record Value(List<String> texts, String origin, int rank) {

        /** Copies the list. */
        public Value {
            texts = List.copyOf(texts);
        }

        /** As one text. */
        public String text() {
            return String.join(",", texts);
        }
    }

    private Configuration(Map<Setting, Value> values, @Nullable String source, @Nullable String profile) {
        this.values = values;
        this.source = source;
        this.profile = profile;
    }

    /** Nothing is set. */
    public static Configuration none() {
        return new Configuration(Map.of(), null, null);
    }

    /**
     * Reads file and environment.
     *
     * @param environment gives variables
     * @param file as an option names it, or null
     * @param profile the same
     * @throws dev.windlass.InvalidInputException if something of it cannot be used, with all that is wrong
     */
    public static Configuration load(Function<String, @Nullable String> environment, @Nullable String file,
            @Nullable String profile) {
        var values = new EnumMap<Setting, Value>(Setting.class);
        String named = file != null ? file : set(environment.apply(FILE_VARIABLE));
        SettingsFile read = SettingsFile.read(named);
        String chosen = profile != null ? profile : set(environment.apply(PROFILE_VARIABLE));
        if (read != null) {
            chosen = chosen == null ? read.profile() : chosen;
            String name = read.name();
            read.general().forEach((setting, texts) -> values.put(setting, new Value(texts, name, FROM_FILE)));
        }
        if (chosen != null) {
            String origin = (read == null ? "" : read.name()) + ", profile " + chosen;
            SettingsFile.require(read, chosen)
                    .forEach((setting, texts) -> values.put(setting, new Value(texts, origin, FROM_PROFILE)));
        }
        var problems = new Problems("the environment");
        for (Setting setting : Setting.values()) {
            String variable = setting.variable();
            String text = variable == null ? null : set(environment.apply(variable));
            if (text != null) {
                List<String> texts = setting.kind() == Setting.Kind.LIST ? List.of(text.split(",", -1)) : List.of(text);
                for (String each : texts) {
                    String problem = setting.kind().problem(each);
                    if (problem != null) {
                        problems.add(variable + " is " + Problems.quote(each) + ", which " + problem + "; use "
                                + setting.kind().wanted());
                    }
                }
                values.put(setting, new Value(texts, "variable " + variable, FROM_ENVIRONMENT));
            }
        }
        problems.throwIfAny();
        return new Configuration(values, read == null ? null : read.name(), chosen);
    }

    private static @Nullable String set(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** What is set, other than by an option; null if nobody has set it. */
    public @Nullable Value get(Setting setting) {
        return values.get(setting);
    }

    /** The file that was read, or null. */
    public @Nullable String source() {
        return source;
    }

    /** The profile, or null. */
    public @Nullable String profile() {
        return profile;
    }

    /** What an option of a command takes if it is not given, or null. */
    public @Nullable String defaultOf(String command, String option) {
        if (option.equals("--store")) {
            return null; // see store()
        }
        Value value = Setting.of(command, option).map(values::get).orElse(null);
        return value == null ? null : value.text();
    }

    /** The queues of a worker that names none. */
    public List<String> workerQueues() {
        Value value = values.get(Setting.WORKER_QUEUES);
        return value == null ? List.of() : value.texts();
    }

    /**
     * The store, and who says so.
     *
     * @param option as given on the command line, or null
     * @return the URI, with what the file says of servers of S3 where the URI does not
     */
    public Value store(@Nullable String option) {
        Value place = option == null ? place() : new Value(List.of(option), "option --store", Integer.MAX_VALUE);
        if (!place.text().toLowerCase(Locale.ROOT).startsWith("s3:")) {
            return place;
        }
        var uri = new StringBuilder(place.text());
        append(uri, "region", Setting.S3_REGION);
        append(uri, "endpoint", Setting.S3_ENDPOINT);
        append(uri, "pathStyle", Setting.S3_PATH_STYLE);
        return new Value(List.of(uri.toString()), place.origin(), place.rank());
    }

    /** A bucket is a store, too: whichever is set by the stronger. */
    private Value place() {
        Value store = values.get(Setting.STORE);
        Value bucket = values.get(Setting.S3_BUCKET);
        if (bucket != null && (store == null || bucket.rank() > store.rank())) {
            Value prefix = values.get(Setting.S3_PREFIX);
            return new Value(List.of("s3://" + bucket.text() + (prefix == null ? "" : "/" + prefix.text())),
                    bucket.origin(), bucket.rank());
        }
        return store == null
                ? new Value(List.of(String.valueOf(Setting.STORE.byDefault())), "default", 0)
                : store;
    }

    private void append(StringBuilder uri, String option, Setting setting) {
        Value value = values.get(setting);
        int query = uri.indexOf("?");
        if (value != null && value.rank() < FROM_ENVIRONMENT // the backend reads variables itself
                && (query < 0 || !(uri.substring(query + 1) + '&').matches("(.*&)?" + option + "=.*"))) {
            uri.append(query < 0 ? '?' : '&').append(option).append('=')
                    .append(URLEncoder.encode(value.text(), StandardCharsets.UTF_8));
        }
    }

    /** A text without what must not be shown: what stands before an {@code @} in a URI. */
    public static String masked(String text) {
        return text.replaceAll("//[^/@?#]*@", "//****@");
    }
}
