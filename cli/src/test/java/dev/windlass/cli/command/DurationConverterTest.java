package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "10s, PT10S", "5m, PT5M", "1h30m, PT1H30M", "2d, PT48H", "1.5s, PT1.5S", "0s, PT0S",
        "PT1M30S, PT1M30S", "p1d, PT24H", "1H, PT1H", "3660d, PT87840H"})
    void parse_everyForm_isThatLong(String text, Duration expected) {
        assertThat(DurationConverter.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "1.5", "-5s", "PT-1S", "-PT1S", "5 s", "5x", "s", "1s5", "3661d",
        "999999999999999d", "P1Y", "PT9999999999999999999S"})
    void parse_anythingElse_isRefused(String text) {
        assertThatThrownBy(() -> DurationConverter.parse(text)).isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
