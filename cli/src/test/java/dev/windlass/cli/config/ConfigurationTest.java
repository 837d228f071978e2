package dev.windlass.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    private static final String FULL = """
            store = "file:./general"
            queue = "emails"

            [worker]
            queues = ["emails", "reports, all"]
            concurrency = 32
            lease = "45s"

            [s3]
            region = "eu-central-1"

            [profiles.prod]
            store = "s3://jobs/windlass"

            [profiles.prod.worker]
            concurrency = 200

            [profiles.test.s3]
            bucket = "trial"
            prefix = "p"
            endpoint = "http://127.0.0.1:9000"
            path-style = true
            """;

    @TempDir
    private Path folder;

    private Configuration load(String toml, Map<String, String> environment, @Nullable String profile)
            throws IOException {
        Path file = Files.writeString(folder.resolve("w.toml"), toml);
        return Configuration.load(environment::get, file.toString(), profile);
    }

    private static String text(Configuration configuration, Setting setting) {
        return Objects.requireNonNull(configuration.get(setting)).text();
    }

    private static String origin(Configuration configuration, Setting setting) {
        return Objects.requireNonNull(configuration.get(setting)).origin();
    }

    @Test
    void load_nothing_isAllByDefault() {
        Configuration configuration = Configuration.load(name -> null, null, null);
        assertThat(configuration.get(Setting.WORKER_CONCURRENCY)).isNull();
        assertThat(configuration.store(null).text()).isEqualTo("file:.windlass");
        assertThat(configuration.store(null).origin()).isEqualTo("default");
        assertThat(configuration.source()).isNull();
    }

    @Test
    void load_fileProfileEnvironmentOption_theFormerYieldsToTheLatter() throws IOException {
        Configuration general = load(FULL, Map.of(), null);
        assertThat(text(general, Setting.WORKER_CONCURRENCY)).isEqualTo("32");
        assertThat(origin(general, Setting.WORKER_CONCURRENCY)).endsWith("w.toml");
        assertThat(general.workerQueues()).containsExactly("emails", "reports, all");

        Configuration profile = load(FULL, Map.of(), "prod");
        assertThat(text(profile, Setting.WORKER_CONCURRENCY)).isEqualTo("200");
        assertThat(origin(profile, Setting.WORKER_CONCURRENCY)).endsWith("w.toml, profile prod");
        assertThat(text(profile, Setting.WORKER_LEASE)).isEqualTo("45s");
        assertThat(profile.store(null).text()).isEqualTo("s3://jobs/windlass?region=eu-central-1");

        Configuration environment = load(FULL, Map.of("WINDLASS_PROFILE", "prod", "WINDLASS_WORKER_CONCURRENCY", "7",
                "WINDLASS_WORKER_QUEUES", "a,b", "WINDLASS_STORE", "file:env"), null);
        assertThat(text(environment, Setting.WORKER_CONCURRENCY)).isEqualTo("7");
        assertThat(origin(environment, Setting.WORKER_CONCURRENCY)).isEqualTo("variable WINDLASS_WORKER_CONCURRENCY");
        assertThat(environment.workerQueues()).containsExactly("a", "b");
        assertThat(environment.store(null).text()).isEqualTo("file:env");
        assertThat(environment.store("mem:")).isEqualTo(
                new Configuration.Value(List.of("mem:"), "option --store", Integer.MAX_VALUE));

        assertThat(environment.defaultOf("worker", "--concurrency")).isEqualTo("7");
        assertThat(environment.defaultOf("bench", "--concurrency")).isNull();
        assertThat(environment.defaultOf("submit", "--queue")).isEqualTo("emails");
        assertThat(environment.defaultOf("cancel", "--queue")).as("it would cancel them").isNull();
    }

    @Test
    void load_profileThatTheFileChooses_counts_butNotAgainstOption() throws IOException {
        assertThat(load("profile = \"prod\"\n" + FULL, Map.of(), null).profile()).isEqualTo("prod");
        assertThat(load("profile = \"prod\"\n" + FULL, Map.of(), "test").profile()).isEqualTo("test");
    }

    @Test
    void load_fileAndProfile_optionBeforeEnvironment() throws IOException {
        Path other = Files.writeString(folder.resolve("other.toml"), "queue = \"others\"");
        Map<String, String> environment = Map.of("WINDLASS_CONFIG", other.toString());
        assertThat(text(Configuration.load(environment::get, null, null), Setting.QUEUE)).isEqualTo("others");
        assertThat(text(load(FULL, environment, null), Setting.QUEUE)).isEqualTo("emails");
        assertThat(load(FULL, Map.of("WINDLASS_PROFILE", "prod"), "test").profile()).isEqualTo("test");
    }

    @Test
    void load_blankVariable_isNone_andSpacesAroundAreNoPartOfIt() throws IOException {
        Configuration blank = load(FULL, Map.of("WINDLASS_WORKER_CONCURRENCY", "", "WINDLASS_STORE", "  ",
                "WINDLASS_PROFILE", " ", "WINDLASS_QUEUE", " other "), null);
        assertThat(text(blank, Setting.WORKER_CONCURRENCY)).isEqualTo("32");
        assertThat(blank.store(null).text()).isEqualTo("file:./general");
        assertThat(blank.profile()).isNull();
        assertThat(text(blank, Setting.QUEUE)).isEqualTo("other");
    }

    @Test
    void store_bucketOrStore_whicheverIsSetByTheStronger() throws IOException {
        assertThat(load(FULL, Map.of(), "test").store(null).text()).isEqualTo(
                "s3://trial/p?region=eu-central-1&endpoint=http%3A%2F%2F127.0.0.1%3A9000&pathStyle=true");
        assertThat(load(FULL, Map.of("S3_BUCKET", "mine"), "prod").store(null).text())
                .isEqualTo("s3://mine?region=eu-central-1");
        assertThat(load(FULL, Map.of("S3_BUCKET", "mine", "S3_REGION", "us-east-1"), null).store(null).text())
                .as("the backend reads the variable").isEqualTo("s3://mine");
        assertThat(load(FULL, Map.of("S3_BUCKET", "mine", "WINDLASS_STORE", "file:x"), null).store(null).text())
                .isEqualTo("file:x");
        assertThat(load(FULL, Map.of(), null).store("s3://b?region=here").text()).isEqualTo("s3://b?region=here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"concurency = 3 | \"concurency\" is not known; known are",
        "[worker]\nconcurency = 3 | \"worker.concurency\" is not known; did you mean worker.concurrency?",
        "stroe = \"x\" | did you mean store?", "[wroker]\nlease = \"1s\" | did you mean worker?",
        "[profile.x]\nstore = \"y\" | profile is a table or list; use the name",
        "[profiles.x]\nstor = \"y\" | in [profiles.x], \"stor\" is not known; did you mean store?",
        "[profiles.x]\nprofile = \"y\" | in [profiles.x], \"profile\" is not known",
        "profiles = 3 | profiles is 3; write tables", "profile = \"no\" | there is no table [profiles.no]",
        "store = 3 | store is 3, which is of the wrong kind; use a text",
        "store = \"\" | which is empty", "[worker]\nconcurrency = \"many\" | use a whole number",
        "[worker]\nlease = \"soon\" | worker.lease is \"soon\", which cannot be used: 'soon' is no duration",
        "[worker]\nqueues = \"q\" | a list of texts", "[worker]\nqueues = [] | a list of texts",
        "[s3]\nsecret-key = \"x\" | Secrets do not belong here",
        "store = \"x\"\nqueue = = 3 | is not TOML at line 2, column 9",
        "store = \"x\"\nstore = \"y\" | is not TOML at line 2"})
    void load_badFile_isRefused(String line) {
        String[] parts = line.split(" \\| ", -1);
        assertThatThrownBy(() -> load(parts[0], Map.of(), null)).isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("the configuration ").hasMessageContaining(parts[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"# first\nstore = \"x\"\n  stroe = \"y\" | line 3, column 3: \"stroe\"",
        "[worker] # here\nlease = \"1s\"\n\nconcurency = 3 | line 4, column 1: \"worker.concurency\"",
        "worker.concurency = 3 | line 1, column 8: \"worker.concurency\"",
        "worker = { lease = \"1s\", concurency = 3 } | line 1, column 26: \"worker.concurency\"",
        "[worker]\nqueues = [\n  \"concurency = 3\",\n]\n\"concurency\" = 3 | line 5, column 2: \"worker.concurency\"",
        "store = \"\"\"\nstroe = 1\n[wroker]\n\"\"\"\nstroe = 2 | line 5, column 1: \"stroe\"",
        "[worker]\nlease = \"1s\"\n[profiles.p]\n[profiles.p.worker]\nlease = \"soon\" | line 5, column 1: profiles.p.worker.lease",
        "store = \"x\"\n[[wroker]]\nlease = \"1s\" | line 2, column 3: \"wroker\"",
        "store = \"x\"\nprofile = \"no\" | line 2, column 1: profile is \"no\"",
        "\"st\\u0072oe\" = 3 | line 1, column 1: \"stroe\""})
    void load_problem_saysLineAndColumn(String line) {
        String[] parts = line.split(" \\| ", -1);
        assertThatThrownBy(() -> load(parts[0], Map.of(), null)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(": " + parts[1]);
    }

    @Test
    void load_submitAndClaim_takeTheirDefaults() throws IOException {
        Configuration configuration = load("[submit]\npriority = 2\nattempts = 9\ntimeout = \"1m\"\n"
                + "[claim]\nlease = \"2m\"\n", Map.of("WINDLASS_SUBMIT_ATTEMPTS", "7"), null);
        assertThat(configuration.defaultOf("submit", "--priority")).isEqualTo("2");
        assertThat(configuration.defaultOf("submit", "--attempts")).isEqualTo("7");
        assertThat(configuration.defaultOf("submit", "--timeout")).isEqualTo("1m");
        assertThat(configuration.defaultOf("claim", "--lease")).isEqualTo("2m");
        assertThat(configuration.defaultOf("extend", "--lease")).isNull();
    }

    @Test
    void documents_sayWhatThereIs() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "queues.md"));
        int start = page.indexOf("```toml\n") + "```toml\n".length();
        String example = page.substring(start, page.indexOf("```", start));
        assertThat(load(example, Map.of(), "production").store(null).text())
                .isEqualTo("s3://jobs/windlass?region=eu-central-1");
        for (Setting setting : Setting.values()) {
            assertThat(page).contains('`' + setting.key() + '`');
            String variable = setting.variable();
            if (variable != null) {
                assertThat(page).contains('`' + variable + '`');
            }
        }
    }

    @Test
    void load_severalProblems_areToldAtOnce() {
        assertThatThrownBy(() -> load("a = 1\nb = 2\n[worker]\nlease = 1", Map.of(), null))
                .hasMessageContaining("3 problems");
    }

    @Test
    void load_badEnvironment_isRefused() throws IOException {
        assertThatThrownBy(() -> load("", Map.of("WINDLASS_WORKER_CONCURRENCY", "x"), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the environment: WINDLASS_WORKER_CONCURRENCY is \"x\", which is no whole number; use a"
                        + " whole number");
        assertThatThrownBy(() -> load("", Map.of("WINDLASS_WORKER_QUEUES", "a,,b"), null))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("has an empty entry");
        assertThatThrownBy(() -> load("#".repeat(1024 * 1024 + 1), Map.of(), null))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("longer than 1 MiB");
        assertThat(load("#".repeat(1024 * 1024), Map.of(), null).source()).isNotNull();
        assertThatThrownBy(() -> load(FULL, Map.of("WINDLASS_PROFILE", "prodd"), null))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("did you mean prod?");
        assertThatThrownBy(() -> Configuration.load(name -> null, null, "prod"))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("no windlass.toml here");
        assertThatThrownBy(() -> Configuration.load(name -> null, folder.resolve("no").toString(), null))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> Configuration.load(name -> null, folder.toString(), null))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("is a directory");
    }

    @Test
    void masked_userInUri_isHidden() {
        assertThat(Configuration.masked("s3://key:secret@bucket/p")).isEqualTo("s3://****@bucket/p");
        assertThat(Configuration.masked("s3://bucket/p@home")).isEqualTo("s3://bucket/p@home");
    }
}
