package dev.windlass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That each benchmark runs: one short iteration, in this process. The figures say nothing. */
class HotBenchmarksTest {
    private static Stream<String> benchmarks() {
        var all = BenchmarkList.defaultList().getAll(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of());
        return all.stream().map(BenchmarkListEntry::getUsername).sorted();
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void benchmark_each_runs(String name) throws RunnerException {
        Options options = new OptionsBuilder().include("^" + name.replace(".", "\\.") + "$").forks(0)
                .warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(50))
                .shouldFailOnError(true).verbosity(VerboseMode.SILENT).build();

        Collection<RunResult> results = new Runner(options).run();

        assertThat(results).hasSize(1);
        assertThat(results).allSatisfy(
                result -> assertThat(result.getPrimaryResult().getScore()).isPositive().isFinite());
    }

    @ParameterizedTest
    @MethodSource("hotParts")
    void benchmarks_coverTheHotParts(String part) {
        assertThat(benchmarks()).anyMatch(name -> name.contains(part));
    }

    private static Stream<String> hotParts() {
        return Stream.of("TaskDocumentBenchmark.decode", "TaskDocumentBenchmark.encode", "KeysBenchmark.task",
                "KeysBenchmark.ready", "ClaimPathBenchmark.drain");
    }
}
