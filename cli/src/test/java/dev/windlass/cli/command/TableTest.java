package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

class TableTest {

    @Test
    void print_onATerminal_isAligned_elsewhere_isSeparatedByTabs() {
        assertThat(printed(Ansi.ON)).contains("ID      NAME").contains("1       @|x|@").contains("234567  a ⏎ b");
        assertThat(printed(Ansi.OFF)).isEqualTo("id\tname\n1\t@|x|@\n234567\ta ⏎ b\n".replace("\n",
                System.lineSeparator()));
    }

    private static String printed(Ansi ansi) {
        var table = new Table(Help.defaultColorScheme(ansi), "ID", "NAME");
        table.row(1, "@|x|@");
        table.row(234567, "a\nb");
        var text = new StringWriter();
        table.print(new PrintWriter(text));
        return text.toString();
    }
}
