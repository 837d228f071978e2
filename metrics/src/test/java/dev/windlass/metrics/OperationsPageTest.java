package dev.windlass.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** The table of meters in the operations page is written from the declaration, and never differs from it. */
class OperationsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final String BEGIN = "<!-- meters: written by the test OperationsPageTest of metrics, with -Dwindlass.write=true -->";
    private static final String END = "<!-- end of meters -->";

    @Test
    void page_tableOfMeters_isThatOfTheDeclaration() throws IOException {
        String page = Files.readString(PAGE);
        if (Boolean.getBoolean("windlass.write")) {
            Files.writeString(PAGE, insert(page, table()));
        }

        assertThat(Files.readString(PAGE)).isEqualTo(insert(page, table()));
    }

    private static String insert(String page, String table) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        assertThat(begin).as("the line '" + BEGIN + "'").isNotNegative();
        assertThat(end).as("the line '" + END + "'").isGreaterThan(begin);
        return page.substring(0, begin + BEGIN.length()) + "\n\n" + table + '\n' + page.substring(end);
    }

    private static String table() {
        var text = new StringBuilder(
                "| meter | type | unit | tags | what it says |\n| --- | --- | --- | --- | --- |\n");
        for (WindlassMeter meter : WindlassMeter.values()) {
            text.append("| `").append(meter.meterName()).append("` | ")
                    .append(meter.type().name().toLowerCase(Locale.ROOT)).append(" | ").append(meter.unit())
                    .append(" | ")
                    .append(meter.tags().stream().map(tag -> '`' + tag + '`').collect(Collectors.joining(", ")))
                    .append(" | ").append(meter.description()).append(" |\n");
        }
        return text.toString();
    }
}
