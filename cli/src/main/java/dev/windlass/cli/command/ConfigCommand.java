package dev.windlass.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.windlass.cli.ExitCode;
import dev.windlass.cli.KnownNames;
import dev.windlass.cli.config.Configuration;
import dev.windlass.cli.config.Setting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass config}. */
@Command(name = "config", description = {
    "Show what is set: by options, by the environment, by a profile of windlass.toml, by the rest of it, by default; the first that says something counts.",
    "Makes no request."}, footerHeading = "%nExamples:%n", footer = {"  windlass config --explain",
        "  windlass config --explain --profile production"})
final class ConfigCommand extends StoreCommand {
    private static final String SECRET = "****";
    private static final List<String> AWS_SECRETS = List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN");
    private static final List<String> AWS_SETTINGS = List.of("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3");
    private static final List<String> OTHERS = List.of("WINDLASS_JAVA_OPTS", "WINDLASS_PROGRAM",
            Configuration.FILE_VARIABLE, Configuration.PROFILE_VARIABLE);

    @Option(names = "--explain", description = "Also say who has set each value, what is not set, and by which names it could be; secrets are masked.")
    private boolean explain;

    /** A line of the answer. */
    private record Line(String key, @Nullable String value, String origin, @Nullable String variable) {}

    @Override
    int work(String uri) {
        List<Line> lines = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            Line line = line(setting);
            if (explain || line.value() != null) {
                lines.add(line);
            }
        }
        if (explain) {
            lines.addAll(aws());
        }
        if (json()) {
            ArrayNode all = JsonText.array();
            lines.forEach(line -> all.add(JsonText.object().put("key", line.key()).put("value", line.value())
                    .put("origin", line.origin()).put("variable", line.variable())));
            print(all);
        } else if (explain) {
            String file = configuration().source();
            String profile = configuration().profile();
            print("configuration: " + (file == null ? "none" : file)
                    + (profile == null ? "" : ", profile " + profile));
            Table table = table("SETTING", "VALUE", "SET BY", "VARIABLE");
            lines.forEach(line -> table.row(line.key(), line.value(), line.origin(), line.variable()));
            table.print(out());
        } else {
            lines.forEach(line -> print(line.key() + " = " + line.value()));
        }
        unused();
        return ExitCode.DONE;
    }

    private Line line(Setting setting) {
        Configuration.Value value = setting == Setting.STORE
                ? configuration().store(storeOption())
                : configuration().get(setting);
        if (value != null) {
            return new Line(setting.key(), Configuration.masked(value.text()), value.origin(), setting.variable());
        }
        return new Line(setting.key(), setting.byDefault(), setting.byDefault() == null ? "" : "default",
                setting.variable());
    }

    /** What the backend takes from AWS's own variables. */
    private static List<Line> aws() {
        var lines = new ArrayList<Line>();
        for (String name : Stream.concat(AWS_SECRETS.stream(), AWS_SETTINGS.stream()).toList()) {
            String value = System.getenv(name);
            if (value != null) {
                lines.add(new Line("", AWS_SECRETS.contains(name) ? SECRET : value, "variable " + name, name));
            }
        }
        return lines;
    }

    /** A variable that is named as ours are, and means nothing. */
    private void unused() {
        List<String> known = new ArrayList<>(OTHERS);
        for (Setting setting : Setting.values()) {
            String variable = setting.variable();
            if (variable != null) {
                known.add(variable);
            }
        }
        Map<String, String> all = new TreeMap<>(System.getenv());
        all.keySet().stream().filter(name -> name.startsWith("WINDLASS_") && !known.contains(name))
                .forEach(name -> err().println("windlass: the variable " + KnownNames.unknown(name, known)
                        + "; it has no effect"));
        err().flush();
    }
}
