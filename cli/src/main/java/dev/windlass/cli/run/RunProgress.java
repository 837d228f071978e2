package dev.windlass.cli.run;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, if a terminal is there to show it. */
final class RunProgress implements AutoCloseable {
    private final @Nullable ProgressBar bar;

    @SuppressWarnings("SystemConsoleNull") // the launcher chooses the console that is null where there is no terminal
    RunProgress(boolean wanted, String name, int steps) {
        bar = wanted && System.console() != null
                ? new ProgressBarBuilder().setTaskName(name.length() > 20 ? name.substring(0, 20) : name)
                        .setInitialMax(steps).showSpeed().setUnit(" steps", 1)
                        .setUpdateIntervalMillis(100).setStyle(ProgressBarStyle.ASCII).hideEta()
                        .setConsumer(new ConsoleProgressBarConsumer(System.err)).build()
                : null;
    }

    void show(int finished, int workers) {
        if (bar != null) {
            bar.stepTo(finished);
            bar.setExtraMessage(" " + workers + (workers == 1 ? " worker" : " workers"));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
