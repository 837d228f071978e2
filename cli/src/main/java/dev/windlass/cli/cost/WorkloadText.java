package dev.windlass.cli.cost;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.KnownNames;
import dev.windlass.cli.Problems;
import dev.windlass.cost.Setting;
import dev.windlass.cost.Workload;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A workload as users write it: a file of settings, and options that go before what the file says. */
public final class WorkloadText {
    private WorkloadText() {
    }

    /**
     * Puts a workload together.
     *
     * @param file a JSON object of settings by name; null for none
     * @param options what was given on the command line
     * @throws InvalidInputException if anything is wrong; all of it is told at once
     */
    public static Workload read(@Nullable String file, Map<Setting, String> options) {
        var problems = new Problems(file == null ? "the workload" : "the workload " + file);
        var values = new EnumMap<Setting, Double>(Setting.class);
        if (file != null) {
            JsonFile.read("the workload", file).properties()
                    .forEach(field -> readField(field.getKey(), field.getValue(), values, problems));
        }
        options.forEach((setting, text) -> readText(setting, text, values, problems));
        Workload.problems(values).forEach(problems::add);
        problems.throwIfAny();
        return Workload.of(values);
    }

    private static void readField(String key, JsonNode value, Map<Setting, Double> values, Problems problems) {
        Setting setting = Setting.of(key).orElse(null);
        if (setting == null) {
            problems.add(KnownNames.unknown(key, Stream.of(Setting.values()).map(Setting::key).toList()));
        } else if (value.isString()) {
            readText(setting, value.asString(), values, problems);
        } else if (value.isNumber() && setting.unit() != Setting.Unit.TIME) {
            values.put(setting, value.doubleValue());
        } else {
            problems.add(key + " is " + Problems.quote(value.toString()) + (setting.unit() == Setting.Unit.TIME
                    ? "; write a time in quotes, such as \"500ms\", \"10s\" or \"1h\""
                    : "; write a number, or one with its unit in quotes"));
        }
    }

    private static void readText(Setting setting, String text, Map<Setting, Double> values, Problems problems) {
        try {
            values.put(setting, SettingText.parse(setting, text));
        } catch (InvalidInputException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }
}
