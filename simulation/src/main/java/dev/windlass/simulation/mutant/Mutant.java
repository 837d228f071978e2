package dev.windlass.simulation.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.windlass.simulation.workload.Plan;
import org.jspecify.annotations.Nullable;

/**
 * A deliberate bug: replacements of text in the sources of production. It stands in a file of its own,
 * {@code simulation/src/main/resources/mutants/NAME.mutant}:
 *
 * <pre>
 * title: delete before claim
 * says: The ready key goes before the task is claimed.
 * breaks: R1 (protocol.md 4)
 * file: queue-core/src/main/java/dev/windlass/internal/Claimer.java
 * --- before
 *         Duration timeout = document.timeout();
 * --- after
 *         core.ready().removeSoon(key.key());
 *         Duration timeout = document.timeout();
 * --- end
 * </pre>
 *
 * <p>A file may have any number of replacements; each belongs to the last {@code file:} above it. Lines that are empty, or
 * begin with {@code #}, are skipped between them. Before the first {@code file:}, {@code from: N} says at which seed tests
 * begin, so that they need few; {@code needs: runs}, {@code schedules}, {@code functions} or {@code options} says that only histories
 * of those can catch it; {@code harmless: SENTENCE} says why none can, since something else stands behind it. Immutable.
 *
 * @param name the file's name, without its ending
 * @param title a few words
 * @param says what is wrong, in a sentence
 * @param breaks which rule of the protocol
 * @param harmless why histories cannot show it, in a sentence; null for all that must be caught
 * @param needs {@code runs}, {@code schedules}, {@code functions} or {@code options} if only histories of those can catch it, else
 *     null
 * @param from the seed at which tests begin
 * @param hunks the replacements, at least one
 */
record Mutant(String name, String title, String says, String breaks, @Nullable String harmless, @Nullable String needs,
        long from, List<Hunk> hunks) {
    static final String ENDING = ".mutant";
    /** What only some seeds draw, and the first of those. */
    private static final Map<String, Long> FIRST = Map.of("runs", 0L, "schedules", Plan.SCHEDULES, "functions",
            Plan.FUNCTIONS, "options", Plan.OPTIONS);
    private static final String FOLDER = "simulation/src/main/resources/mutants";

    /** Copies the list. */
    Mutant {
        hunks = List.copyOf(hunks);
    }

    /** The first of the seeds that can catch it. */
    long firstSeed() {
        return firstSeed(needs);
    }

    private static long firstSeed(@Nullable String needs) {
        return needs == null ? 0 : FIRST.getOrDefault(needs, 0L);
    }

    /** Whether a seed draws a history that can catch it. */
    boolean suits(long seed) {
        return !"runs".equals(needs) || Plan.isOfRuns(seed);
    }

    /** The system as it stands: what the same trial must not find fault with. */
    static Mutant none() {
        return new Mutant("none", "nothing changed", "Nothing is changed.", "nothing", null, null, 0, List.of());
    }

    /** Where the files are. */
    static Path folder(Path root) {
        return root.resolve(FOLDER);
    }

    /**
     * All mutants, by name.
     *
     * @param root the project's root
     * @throws MutantException if one of the files is wrong
     */
    static List<Mutant> all(Path root) {
        try (Stream<Path> files = Files.list(folder(root))) {
            return files.filter(file -> String.valueOf(file.getFileName()).endsWith(ENDING)).sorted().map(Mutant::read)
                    .toList();
        } catch (IOException e) {
            throw new MutantException("There are no mutants below " + root + ": give the project's root.", e);
        }
    }

    /** Lets tests begin at another seed: changes the file, unless it says so. */
    void renewFrom(Path root, long seed) throws IOException {
        Path file = folder(root).resolve(name + ENDING);
        var lines = new ArrayList<String>(Files.readAllLines(file));
        lines.removeIf(line -> line.startsWith("from: "));
        if (seed > firstSeed()) {
            lines.add(lines.indexOf("breaks: " + breaks) + 1, "from: " + seed);
        }
        String text = String.join("\n", lines) + '\n';
        if (!text.equals(Files.readString(file))) {
            Files.writeString(file, text);
        }
    }

    static Mutant read(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            return parse(name.substring(0, name.length() - ENDING.length()), Files.readAllLines(file));
        } catch (IOException e) {
            throw new MutantException("The mutant " + file + " cannot be read.", e);
        }
    }

    /**
     * Reads a mutant.
     *
     * @throws MutantException naming the line, if the text is not of the form above
     */
    static Mutant parse(String name, List<String> lines) {
        return new Parser(name, lines).parse();
    }

    /** Reads the form, strictly. */
    private static final class Parser {
        private static final List<String> FIELDS = List.of("title", "says", "breaks", "harmless", "from", "needs");

        private final String name;
        private final List<String> lines;
        private final Map<String, String> fields = new LinkedHashMap<>();
        private final List<Hunk> hunks = new ArrayList<>();
        private @Nullable String file;
        private int next;

        Parser(String name, List<String> lines) {
            this.name = name;
            this.lines = lines;
        }

        Mutant parse() {
            while (next < lines.size()) {
                String line = lines.get(next++);
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                if (line.equals("--- before")) {
                    hunk();
                } else {
                    field(line);
                }
            }
            if (hunks.isEmpty()) {
                throw wrong("there is no replacement");
            }
            return new Mutant(name, required("title"), required("says"), required("breaks"),
                    fields.get("harmless"), fields.get("needs"),
                    from(), hunks);
        }

        private long from() {
            return Long.parseLong(fields.getOrDefault("from", String.valueOf(firstSeed(fields.get("needs")))));
        }

        private void field(String line) {
            int colon = line.indexOf(": ");
            String field = colon < 0 ? "" : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 2).strip();
            if (field.equals("file")) {
                if (!value.matches("[a-z-]+/src/main/java/[\\w/]+\\.java")) {
                    throw wrong("a file is MODULE/src/main/java/….java");
                }
                file = value;
            } else if (!FIELDS.contains(field) || file != null || value.isEmpty()) {
                throw wrong("expected one of " + FIELDS + " with a value, then 'file: …' and '--- before'");
            } else if (field.equals("from") && !value.matches("\\d{1,13}")) {
                throw wrong("'from' is a seed, 0 or more");
            } else if (field.equals("needs") && !FIRST.containsKey(value)) {
                throw wrong("'needs' can be runs, schedules, functions or options only");
            } else if (fields.put(field, value) != null) {
                throw wrong("a second " + field);
            }
        }

        private void hunk() {
            int line = next;
            if (file == null) {
                throw wrong("no file before it");
            }
            String before = block("--- after");
            String after = block("--- end");
            if (before.isBlank()) {
                throw wrong("the text before is empty");
            }
            if (before.equals(after)) {
                throw wrong("nothing is replaced");
            }
            hunks.add(new Hunk(file, line, before, after));
        }

        private String block(String end) {
            int start = next;
            while (next < lines.size()) {
                String line = lines.get(next++);
                if (line.equals(end)) {
                    return String.join("\n", lines.subList(start, next - 1));
                }
                if (line.startsWith("--- ")) {
                    throw wrong("expected '" + end + "'");
                }
            }
            throw wrong("the file ends before '" + end + "'");
        }

        private String required(String field) {
            String value = fields.get(field);
            if (value == null) {
                throw wrong("there is no " + field);
            }
            return value;
        }

        private MutantException wrong(String what) {
            return new MutantException(name + ENDING + ", line " + next + ": " + what + ".");
        }
    }
}
