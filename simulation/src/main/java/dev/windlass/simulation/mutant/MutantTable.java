package dev.windlass.simulation.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * Tries every mutant from the first seed on, and writes what came of it into {@code docs/verification.md}, between two
 * marker lines. The same run renews the seeds at which tests begin.
 */
public final class MutantTable {
    static final String BEGIN = "<!-- mutants: written by `./windlass-sim mutants` -->";
    static final String END = "<!-- end of mutants -->";
    /** Tests need not begin later for mutants that are caught sooner than this. */
    private static final long SOON = 100;
    private static final long QUICK = 2_000;
    private static final String NOTHING = "**nothing** |";
    private static final String HARMLESS = "nothing: ";
    private static final String NOT_TRIED = "not tried | |";

    private final Path root;
    private final long limit;
    private final Consumer<String> progress;
    private final ConcurrentLinkedQueue<Mutant> left;
    private final ConcurrentSkipListMap<String, Trial.Result> results = new ConcurrentSkipListMap<>();
    private final ConcurrentLinkedQueue<MutantException> failures = new ConcurrentLinkedQueue<>();

    private MutantTable(Path root, long limit, Consumer<String> progress, List<Mutant> mutants) {
        this.root = root;
        this.limit = limit;
        this.progress = progress;
        this.left = new ConcurrentLinkedQueue<>(mutants);
    }

    /**
     * Tries all mutants, and writes the table.
     *
     * @param root the project's root
     * @param limit how many seeds each is given, from seed 0; a harmless one at most 2,000
     * @param jobs on how many threads
     * @param progress told a line when a mutant is done with, on any of the threads
     * @return how many survived, the harmless ones aside; 0 is good
     * @throws MutantException if a mutant does not fit the sources or does not compile, or the page cannot be written
     */
    public static int write(Path root, long limit, int jobs, Consumer<String> progress) throws InterruptedException {
        List<Mutant> all = Mutant.all(root);
        var table = new MutantTable(root, limit, progress, all);
        table.tryAll(jobs);
        List<Trial.Result> results = List.copyOf(table.results.values());
        Path page = page(root);
        try {
            Files.writeString(page, insert(Files.readString(page), render(all, results)));
            for (Trial.Result result : results) {
                if (result.caughtBy() != null) {
                    result.mutant().renewFrom(root,
                            result.seed() - result.mutant().firstSeed() < SOON
                                    ? result.mutant().firstSeed()
                                    : result.seed());
                }
            }
        } catch (IOException e) {
            throw new MutantException("The table of mutants cannot be written into " + page + ".", e);
        }
        return (int) results.stream()
                .filter(result -> result.caughtBy() == null && result.mutant().harmless() == null).count();
    }

    static Path page(Path root) {
        return root.resolve("docs").resolve("verification.md");
    }

    private void tryAll(int jobs) throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < jobs; i++) {
            threads.add(Thread.ofPlatform().name("mutants-" + i).start(this::work));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        MutantException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    private void work() {
        for (Mutant mutant = left.poll(); mutant != null; mutant = left.poll()) {
            try {
                long seeds = mutant.harmless() == null ? limit : Math.min(limit, QUICK);
                Trial.Result result = Trial.of(mutant, root).play(mutant.firstSeed(), seeds);
                results.put(mutant.name(), result);
                progress.accept(line(result));
            } catch (MutantException e) {
                failures.add(e);
            }
        }
    }

    private static String line(Trial.Result result) {
        String end = result.caughtBy() == null
                ? "survived " + result.seeds() + " seeds"
                : "caught by " + result.caughtBy() + " at seed " + result.seed() + ": " + result.reason();
        return result.mutant().name() + ": " + end + " (" + result.time().toMillis() / 1000.0 + " s)";
    }

    /** The table, and a sentence that sums it up. */
    static String render(List<Mutant> all, List<Trial.Result> results) {
        var text = new StringBuilder(
                "| mutant | what it breaks | seeds to catch | caught by |\n| --- | --- | ---: | --- |\n");
        for (Mutant mutant : all) {
            Trial.Result result = results.stream().filter(one -> one.mutant().name().equals(mutant.name())).findFirst()
                    .orElse(null);
            text.append("| [").append(mutant.title()).append("](../simulation/src/main/resources/mutants/")
                    .append(mutant.name()).append(Mutant.ENDING).append(") | ").append(mutant.says()).append(' ')
                    .append(mutant.breaks()).append(". | ");
            if (result == null) {
                text.append(NOT_TRIED).append('\n');
            } else if (result.caughtBy() == null && mutant.harmless() != null) {
                text.append("over ").append(number(result.seeds())).append(" | ").append(HARMLESS)
                        .append(mutant.harmless()).append(" |\n");
            } else if (result.caughtBy() == null) {
                text.append("**over ").append(number(result.seeds())).append("** | ").append(NOTHING).append('\n');
            } else {
                text.append(number(result.seeds())).append(" | ").append(result.caughtBy()).append(" |\n");
            }
        }
        return text.append('\n').append(summary(results)).append('\n').toString();
    }

    /** Whether a row of the table says that its mutant is caught. */
    static boolean saysCaught(String row) {
        return !row.endsWith(NOTHING) && !row.endsWith(NOT_TRIED) && !row.contains("| " + HARMLESS);
    }

    private static String summary(List<Trial.Result> results) {
        List<Long> seeds = results.stream().filter(result -> result.caughtBy() != null).map(Trial.Result::seeds)
                .sorted()
                .toList();
        long quick = seeds.stream().filter(count -> count <= QUICK).count();
        long harmless = results.stream()
                .filter(result -> result.caughtBy() == null && result.mutant().harmless() != null).count();
        return number(seeds.size()) + " of " + number(results.size() - harmless)
                + " mutants that were tried are caught, "
                + quick
                + " of them within " + number(QUICK) + " seeds; the median is "
                + (seeds.isEmpty() ? "none" : number(seeds.get(seeds.size() / 2))) + "."
                + (harmless == 0 ? "" : " " + harmless + " more are harmless.");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The page with the table in its place. */
    static String insert(String page, String table) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new MutantException(
                    "The page has no place for the table: the lines '" + BEGIN + "' and '" + END + "'.");
        }
        return page.substring(0, begin + BEGIN.length()) + "\n\n" + table + '\n' + page.substring(end);
    }
}
