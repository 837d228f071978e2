package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.concurrent.Callable;

import dev.windlass.cli.ExitCode;
import dev.windlass.cli.cost.Measurement;
import dev.windlass.cli.cost.PriceText;
import dev.windlass.cli.cost.WorkloadText;
import dev.windlass.cost.CostEstimate;
import dev.windlass.cost.CostModel;
import dev.windlass.cost.Halving;
import dev.windlass.cost.PriceTable;
import dev.windlass.cost.Setting;
import dev.windlass.cost.Workload;
import dev.windlass.environment.Environment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code windlass cost}. */
@Command(name = "cost", modelTransformer = CostCommand.SettingOptions.class, description = {
    "Work out what a workload costs a month: requests by what they are for, and dollars.",
    "It says what costs most, and which single setting would halve it. With --measure it runs the workload, scaled down, on a store, and compares the requests."}, footerHeading = "%nExample:%n", footer = {
        "  windlass cost --tasks-per-day 1000000 --workers 8 --prices s3-express",
        "  windlass cost --file workload.json --measure --for 30s"})
final class CostCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Option(names = "--file", paramLabel = "FILE", description = "A JSON object of settings, named as the options below; options go before it.")
    private @Nullable String file;

    @Option(names = "--prices", paramLabel = "s3|s3-express|FILE", defaultValue = "s3", description = "Which prices: S3 Standard, S3 Express One Zone (us-east-1), or a JSON file of your own (default: s3).")
    private String prices = "s3";

    @Option(names = "--measure", description = "Run it, scaled down, and compare the requests with what was worked out.")
    private boolean measure;

    @Option(names = "--store", paramLabel = "URI", defaultValue = "mem:", description = "Where to run it: mem:, file:DIRECTORY or s3://BUCKET/PREFIX (default: mem:). The tasks stay there, ended.")
    private String store = "mem:";

    @Option(names = "--for", paramLabel = "D", defaultValue = "20s", converter = DurationConverter.class, description = "For how long to run it, 2s to 1h (default: 20s).")
    private Duration length = Duration.ZERO;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /** An option for each setting. */
    static final class SettingOptions implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec command) {
            for (Setting setting : Setting.values()) {
                command.addOption(OptionSpec.builder(name(setting)).type(String.class)
                        .paramLabel(switch (setting.unit()) {
                            case TIME -> "D";
                            case BYTES -> "BYTES";
                            case SHARE -> "SHARE";
                            case NUMBER, SWITCH -> "N";
                        }).description(setting.meaning().substring(0, 1).toUpperCase(Locale.ROOT)
                                + setting.meaning().substring(1) + " (default: "
                                + setting.show(setting.standard()).replace("%", "%%") + ").")
                        .build());
            }
            return command;
        }
    }

    private static String name(Setting setting) {
        return "--" + setting.key();
    }

    @Override
    public Integer call() throws InterruptedException {
        var given = new EnumMap<Setting, String>(Setting.class);
        for (Setting setting : Setting.values()) {
            String value = spec.findOption(name(setting)).getValue();
            if (value != null) {
                given.put(setting, value);
            }
        }
        Workload workload = WorkloadText.read(file, given);
        PriceTable table = PriceText.read(prices);
        CostEstimate estimate = CostModel.estimate(workload, table);
        Halving halving = Halving.of(estimate);
        Measurement measured = measure ? Measurement.of(Environment.system(), workload, store, length) : null;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.write(CostReport.json(estimate, halving, measured)));
        } else {
            new CostReport(out, spec.commandLine().getColorScheme()).print(estimate, halving, measured);
        }
        out.flush();
        return ExitCode.DONE;
    }
}
