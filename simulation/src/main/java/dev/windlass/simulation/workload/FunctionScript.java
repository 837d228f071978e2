package dev.windlass.simulation.workload;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.simulation.Seeded;

/**
 * What a durable function of a history does, as text, which is its input: instructions that {@link FunctionBodies} follows, each a
 * letter and its numbers. Drawn by a seed.
 */
final class FunctionScript {
    /** What children do; they wait for no signal, since nobody outside knows of them. */
    static final List<String> CHILDREN = List.of("s 300 0", "t 4000", "s 200 0;t 6000;s 100 1", "c;n", "t 500;f",
            "k 1");
    private static final String[] WORDS = {"s", "s", "s", "s", "t", "t", "g", "g", "g", "w", "a", "a", "c", "c", "r",
        "m",
        "m", "p", "p", "h", "h", "H", "o", "o", "x", "n", "P"};

    /** Stands between what one run does and what the next one does, as which it goes on. */
    static final char NEXT = '|';

    private FunctionScript() {
    }

    static String draw(Seeded random) {
        boolean mean = random.chance(0.3);
        var script = new ArrayList<String>();
        int length = 1 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            String word = mean && random.chance(0.15) ? "k" : WORDS[random.nextInt(WORDS.length)];
            script.add(switch (word) {
                case "s" -> "s " + millis(random) + ' ' + (random.chance(0.2) ? 1 + random.nextInt(2) : 0);
                case "o" -> "o " + millis(random);
                case "k" -> "k " + (1 + random.nextInt(2));
                case "t" -> "t " + (random.chance(0.5) ? random.between(50, 1_900) : random.between(2_000, 20_000));
                case "g", "w" -> word + ' ' + (random.chance(0.7) ? "go" : "on");
                case "a" -> "a " + (random.chance(0.7) ? "go" : "on") + ' ' + random.between(100, 8_000);
                case "x" -> "x " + random.between(50, 6_000);
                case "m" -> "m " + random.nextInt(6) + ' ' + (1 + random.nextInt(3));
                case "p" -> "p " + millis(random) + ' ' + random.between(100, 5_000);
                case "h" -> "h " + random.nextInt(CHILDREN.size());
                case "H" -> "H " + random.nextInt(2);
                default -> word;
            });
        }
        return String.join(";", script);
    }

    /** A script of several runs, of which each but the last goes on as the next, perhaps with a wait that is open. */
    static String chain(String first, Seeded random) {
        var script = new StringBuilder(first);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            if (random.chance(0.4)) {
                script.append(random.chance(0.5) ? ";u go" : ";u extra");
            }
            script.append(NEXT).append(draw(random));
        }
        return script.toString();
    }

    private static long millis(Seeded random) {
        return random.chance(0.6) ? 0 : random.between(100, random.chance(0.3) ? 14_000 : 2_000);
    }

    /** The names of the signals that a script waits for without a limit, in the order in which it does. */
    static List<String> signals(String script) {
        var names = new ArrayList<String>();
        for (String one : script.split("[;|]", -1)) {
            String[] words = one.split(" ", -1);
            switch (words[0]) {
                case "g", "a" -> names.add(words[1]);
                case "w" -> {
                    names.add(words[1]);
                    names.add(words[1]);
                }
                default -> {
                    // waits for none
                }
            }
        }
        return names;
    }
}
