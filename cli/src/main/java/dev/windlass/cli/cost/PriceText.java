package dev.windlass.cli.cost;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.KnownNames;
import dev.windlass.cli.Problems;
import dev.windlass.cost.PriceKind;
import dev.windlass.cost.PriceTable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Prices as users name them: one of the tables that are built in, or a file of their own. */
public final class PriceText {
    private static final String NAME = "name";
    private static final String DATE = "date";
    private static final String FREE = "free-bytes-per-request";
    private static final String ORDERED = "ordered-list";

    private PriceText() {
    }

    /**
     * Finds or reads a table.
     *
     * @param name {@code s3}, {@code s3-express} or a file
     * @throws InvalidInputException if anything is wrong with the file; all of it is told at once
     */
    public static PriceTable read(String name) {
        return switch (name) {
            case "s3" -> PriceTable.s3Standard();
            case "s3-express" -> PriceTable.s3Express();
            default -> file(name);
        };
    }

    private static PriceTable file(String name) {
        ObjectNode json = JsonFile.read("the price table", name);
        var problems = new Problems("the price table " + name);
        var prices = new EnumMap<PriceKind, Double>(PriceKind.class);
        var known = new ArrayList<>(Stream.of(PriceKind.values()).map(PriceKind::key).toList());
        known.addAll(List.of(NAME, DATE, FREE, ORDERED));
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            PriceKind kind = PriceKind.of(field.getKey()).orElse(null);
            JsonNode value = field.getValue();
            if (kind != null && value.isNumber()) {
                prices.put(kind, value.doubleValue());
            } else if (kind != null) {
                prices.put(kind, 0.0);
                problems.add(
                        field.getKey() + " is " + Problems.quote(value.toString()) + "; write dollars as a number");
            } else if (!known.contains(field.getKey())) {
                problems.add(KnownNames.unknown(field.getKey(), known));
            } else if (!fits(field.getKey(), value)) {
                problems.add(field.getKey() + " is " + Problems.quote(value.toString()) + "; write "
                        + switch (field.getKey()) {
                            case FREE -> "a number of bytes";
                            case ORDERED -> "true or false";
                            default -> "text";
                        });
            }
        }
        double free = json.path(FREE).asDouble(0);
        PriceTable.problems(prices, free).forEach(problems::add);
        problems.throwIfAny();
        return PriceTable.of(json.path(NAME).asString(name), json.path(DATE).asString("no date"), prices, free,
                json.path(ORDERED).asBoolean(true));
    }

    private static boolean fits(String key, JsonNode value) {
        return switch (key) {
            case FREE -> value.isNumber();
            case ORDERED -> value.isBoolean();
            default -> value.isString();
        };
    }
}
