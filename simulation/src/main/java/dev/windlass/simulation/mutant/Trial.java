package dev.windlass.simulation.mutant;

import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

import dev.windlass.environment.Environment;
import org.jspecify.annotations.Nullable;

/** A mutant that is tried, seed after seed, until it is caught. For one thread at a time. */
final class Trial {
    private final Mutant mutant;
    private final LongFunction<List<String>> player;

    private Trial(Mutant mutant, LongFunction<List<String>> player) {
        this.mutant = mutant;
        this.player = player;
    }

    /**
     * What came of it.
     *
     * @param mutant which one
     * @param seeds how many seeds were played, the one that failed included
     * @param seed the one that failed; the last one if none did
     * @param caughtBy the invariant's id, {@code deadlock}, {@code bound} or {@code exception}; null if no seed failed
     * @param reason what was wrong, in a sentence; empty if no seed failed
     * @param time how long it took
     */
    record Result(Mutant mutant, long seeds, long seed, @Nullable String caughtBy, String reason, Duration time) {}

    /**
     * Compiles a mutant and loads it.
     *
     * @param root the project's root
     * @throws MutantException if its text does not fit the sources, or does not compile
     */
    static Trial of(Mutant mutant, Path root) {
        Map<String, byte[]> changed = MemoryCompiler.compile(mutant.name(), PatchedSources.of(mutant, root));
        var loader = new MutantLoader(changed);
        try {
            Constructor<?> constructor = loader.loadClass(Player.class.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            @SuppressWarnings("unchecked")
            var player = (LongFunction<List<String>>) constructor.newInstance();
            return new Trial(mutant, player);
        } catch (ReflectiveOperationException e) {
            throw new MutantException(mutant.name() + Mutant.ENDING + " cannot be loaded.", e);
        }
    }

    /** Plays seeds until one fails, at most so many. */
    Result play(long first, long limit) {
        Environment clock = Environment.system();
        long start = clock.nanoTime();
        for (long seed = first; seed < first + limit; seed++) {
            if (!mutant.suits(seed)) {
                continue;
            }
            List<String> failure = player.apply(seed);
            if (!failure.isEmpty()) {
                return new Result(mutant, seed - first + 1, seed, failure.get(0), failure.get(1),
                        Duration.ofNanos(clock.nanoTime() - start));
            }
        }
        return new Result(mutant, limit, first + limit - 1, null, "", Duration.ofNanos(clock.nanoTime() - start));
    }
}
