package dev.windlass.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The teeth of the simulation: each deliberate bug is caught, and the system without it is not. */
class MutantTest {
    private static final Path ROOT = Path.of("..");
    /** Seeds for each mutant, from the one that its file names. */
    private static final long BUDGET = 300;
    private static final String KEYS = "queue-core/src/main/java/dev/windlass/internal/Keys.java";
    private static final List<String> GOOD = List.of("title: a title", "says: A sentence.", "breaks: a rule",
            "file: " + KEYS, "--- before", "        var digest = newSha256();", "--- after",
            "        var digest = newSha256(); // changed", "--- end");
    private static Trial control;

    @BeforeAll
    static void loadControl() {
        control = Trial.of(Mutant.none(), ROOT);
    }

    /** Those that the page says are caught: it is held to that. */
    static Stream<String> mutants() throws IOException {
        List<String> rows = Files.readAllLines(MutantTable.page(ROOT));
        return Mutant.all(ROOT).stream().map(Mutant::name).filter(name -> rows.stream()
                .anyMatch(row -> row.contains('/' + name + ".mutant)") && MutantTable.saysCaught(row)));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void play_mutant_isCaughtWhereNothingElseFails(String name) {
        Mutant mutant = Mutant.read(Mutant.folder(ROOT).resolve(name + Mutant.ENDING));

        Trial.Result result = Trial.of(mutant, ROOT).play(mutant.from(), BUDGET);

        assertThat(result.caughtBy()).as("what catches it in " + BUDGET + " seeds from " + mutant.from()).isNotNull();
        assertThat(control.play(result.seed(), 1).reason()).as("what fails at that seed without it").isEmpty();
    }

    @Test
    void all_fitTheSourcesAndCompile() {
        List<Mutant> all = Mutant.all(ROOT);
        assertThat(all).hasSizeGreaterThan(40);
        for (Mutant mutant : all) {
            assertThat(PatchedSources.of(mutant, ROOT)).as(mutant.name()).isNotEmpty();
        }
    }

    @Test
    void of_patchedClass_isTheOneThatRuns() {
        Mutant mutant = Mutant.parse("breaker", List.of("title: t", "says: s", "breaks: b", "file: " + KEYS,
                "--- before", "        return LEASES + leaseId + \".json\";", "--- after",
                "        throw new IllegalStateException(\"a changed class\" + leaseId);", "--- end"));

        Trial.Result result = Trial.of(mutant, ROOT).play(0, 20);

        assertThat(result.caughtBy()).isEqualTo("exception");
        assertThat(result.reason()).contains("a changed class");
    }

    @Test
    void of_textThatIsNotThere_isRefused() {
        var stale = new ArrayList<String>(GOOD);
        stale.set(5, "        var digest = oldSha256();");

        assertThatThrownBy(() -> Trial.of(Mutant.parse("stale", stale), ROOT)).isInstanceOf(MutantException.class)
                .hasMessageContaining("stale.mutant, line 5").hasMessageContaining("Keys.java nowhere");
    }

    @Test
    void of_textThatIsThereTwice_isRefused() {
        var vague = new ArrayList<String>(GOOD);
        vague.set(5, "        var digest");
        vague.set(7, "        var  digest");
        vague.set(5, "        return ");

        assertThatThrownBy(() -> Trial.of(Mutant.parse("vague", vague), ROOT)).isInstanceOf(MutantException.class)
                .hasMessageContaining("more than once");
    }

    @Test
    void of_textThatDoesNotCompile_isRefused() {
        var wrong = new ArrayList<String>(GOOD);
        wrong.set(7, "        var digest = newSha1();");

        assertThatThrownBy(() -> Trial.of(Mutant.parse("wrong", wrong), ROOT)).isInstanceOf(MutantException.class)
                .hasMessageContaining("does not compile").hasMessageContaining("newSha1");
    }

    @Test
    void parse_goodText_readsAll() {
        var lines = new ArrayList<String>(GOOD);
        lines.addAll(3, List.of("", "# a remark", "from: 17", "needs: runs", "harmless: Another thing holds."));

        Mutant mutant = Mutant.parse("good", lines);

        assertThat(mutant.title()).isEqualTo("a title");
        assertThat(mutant.from()).isEqualTo(17);
        assertThat(mutant.needs()).isEqualTo("runs");
        assertThat(mutant.harmless()).isEqualTo("Another thing holds.");
        assertThat(mutant.hunks()).containsExactly(new Hunk(KEYS, 10, "        var digest = newSha256();",
                "        var digest = newSha256(); // changed"));
        assertThat(mutant.hunks().getFirst().className()).isEqualTo("dev.windlass.internal.Keys");
    }

    @Test
    void parse_wrongText_namesTheLine() {
        refuse(0, "titel: a title", "line 1: expected one of");
        refuse(0, "title:", "line 1: expected one of");
        refuse(1, "title: again", "line 2: a second title");
        refuse(2, "from: soon", "line 3: 'from' is a seed");
        refuse(2, "needs: luck", "line 3: 'needs' can be runs, schedules, functions or options only");
        refuse(2, "# no rule", "there is no breaks");
        refuse(3, "file: queue-core/pom.xml", "line 4: a file is");
        refuse(3, "# no file", "line 5: no file before it");
        refuse(5, "", "line 9: the text before is empty");
        refuse(6, "--- end", "line 7: expected '--- after'");
        refuse(7, "        var digest = newSha256();", "line 9: nothing is replaced");
        refuse(8, "# no end", "line 9: the file ends before '--- end'");
    }

    private static void refuse(int line, String text, String message) {
        var lines = new ArrayList<String>(GOOD);
        lines.set(line, text);
        assertThatThrownBy(() -> Mutant.parse("bad", lines)).isInstanceOf(MutantException.class)
                .hasMessageContaining("bad.mutant, line ").hasMessageContaining(message);
    }

    @Test
    void page_table_listsTheMutantsThatThereAre() throws IOException {
        String page = Files.readString(MutantTable.page(ROOT));
        String table = page.substring(page.indexOf(MutantTable.BEGIN), page.indexOf(MutantTable.END));
        List<String> listed = Pattern.compile("/mutants/([a-z0-9-]+)\\.mutant\\)").matcher(table).results()
                .map(match -> match.group(1)).toList();

        assertThat(listed).isEqualTo(Mutant.all(ROOT).stream().map(Mutant::name).toList());
        for (Mutant mutant : Mutant.all(ROOT)) {
            assertThat(table).contains("[" + mutant.title() + "]", mutant.says());
        }
    }

    @Test
    void write_oneMutant_makesTheTableAndRenewsTheSeed(@TempDir Path root) throws Exception {
        Path folder = Files.createDirectories(Mutant.folder(root));
        Path source = root.resolve(KEYS);
        Files.createDirectories(source.getParent());
        Files.copy(ROOT.resolve(KEYS), source);
        Path file = folder.resolve("breaker.mutant");
        Files.write(file, List.of("title: a breaker", "says: It breaks.", "breaks: all", "from: 400", "file: " + KEYS,
                "--- before", "        return LEASES + leaseId + \".json\";", "--- after",
                "        throw new IllegalStateException(\"a changed class\" + leaseId);", "--- end"));
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(MutantTable.page(root),
                "Above\n" + MutantTable.BEGIN + "\nold\n" + MutantTable.END + "\nBelow\n");
        var progress = new ArrayList<String>();

        int survivors = MutantTable.write(root, 20, 1, progress::add);

        assertThat(survivors).isZero();
        assertThat(progress).hasSize(1).first().asString().startsWith("breaker: caught by exception at seed ");
        assertThat(Files.readString(MutantTable.page(root))).startsWith("Above\n").endsWith("\nBelow\n")
                .contains("| [a breaker](../simulation/src/main/resources/mutants/breaker.mutant) | It breaks. all. | ")
                .contains("| exception |", "1 of 1 mutants that were tried are caught, 1 of them within 2,000 seeds")
                .doesNotContain("old");
        assertThat(Files.readAllLines(file)).hasSize(9).noneMatch(line -> line.startsWith("from: "));
    }

    @Test
    void write_harmlessMutantThatSurvives_saysWhyAndCountsNone(@TempDir Path root) throws Exception {
        Path folder = Files.createDirectories(Mutant.folder(root));
        Path source = root.resolve(KEYS);
        Files.createDirectories(source.getParent());
        Files.copy(ROOT.resolve(KEYS), source);
        var lines = new ArrayList<String>(GOOD);
        lines.add(3, "harmless: A comment changes nothing.");
        Files.write(folder.resolve("remark.mutant"), lines);
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(MutantTable.page(root), MutantTable.BEGIN + "\n" + MutantTable.END + "\n");

        int survivors = MutantTable.write(root, 5, 1, line -> {});

        assertThat(survivors).isZero();
        List<String> page = Files.readAllLines(MutantTable.page(root));
        assertThat(page).anyMatch(row -> row.endsWith("| over 5 | nothing: A comment changes nothing. |")
                && !MutantTable.saysCaught(row));
        assertThat(page).anyMatch(row -> row.startsWith("0 of 0 mutants") && row.endsWith("1 more are harmless."));
    }
}
