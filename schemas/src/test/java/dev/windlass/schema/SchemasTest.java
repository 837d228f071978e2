package dev.windlass.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.windlass.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fits and what does not, without a store. */
class SchemasTest {
    private static final String ORDER = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "type": "object", "required": ["to"], "additionalProperties": false,
             "properties": {
               "to": {"type": "string", "pattern": "@"},
               "lines": {"type": "array", "prefixItems": [{"type": "string"}], "items": {"$ref": "#/$defs/line"}},
               "a/b~c": {"const": 1}},
             "$defs": {"line": {"type": "object", "properties": {"price": {"type": "number", "multipleOf": 0.01}},
                                "unevaluatedProperties": false}}}""";

    @Test
    void validate_valueThatFits_hasNoViolation() {
        assertThat(Schemas.validate(ORDER, """
                {"to": "a@b", "lines": ["first", {"price": 0.07}, {"price": 1e2}], "a/b~c": 1.0}""")).isEmpty();
        assertThat(Schemas.validate("true", "{\"anything\": [null]}")).isEmpty();
        for (String format : List.of("email", "date-time", "date", "duration", "uri", "regex", "unheard-of")) {
            assertThat(Schemas.validate("{\"format\": \"" + format + "\"}", "\"a remark, as the standard has it\""))
                    .as(format).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{} | '' | 'to'", "{\"to\": 17} | /to | string expected", "{\"to\": \"x\"} | /to | pattern",
        "{\"to\": \"@\", \"lines\": [3]} | /lines/0 | string expected",
        "{\"to\": \"@\", \"lines\": [\"x\", {\"price\": 0.071}]} | /lines/1/price | multiple of 0.01",
        "{\"to\": \"@\", \"lines\": [\"x\", {}, {\"cost\": 1}]} | /lines/2 | cost",
        "{\"to\": \"@\", \"a/b~c\": 2} | /a~1b~0c | constant",
        "{\"to\": \"@\", \"more\": 1} | '' | more", "[] | '' | object expected"})
    void validate_valueThatDoesNotFit_namesThePath(String value, String path, String says) {
        List<SchemaViolation> violations = Schemas.validate(ORDER, value);
        assertThat(violations).singleElement().satisfies(violation -> {
            assertThat(violation.path()).isEqualTo(path);
            assertThat(violation.message()).contains(says);
            assertThat(violation.toString()).startsWith(path.isEmpty() ? "(the value itself): " : path + ": ");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"type\": \"strin\"} | no JSON Schema 2020-12: /type: ",
        "3 | no JSON Schema 2020-12", "{\"required\": \"to\"} | /required: ",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"} | Write it in JSON Schema 2020-12",
        "{\"pattern\": \"(\"} | Unclosed group",
        "{\"$ref\": \"#/$defs/none\"} | leads nowhere",
        "{\"$ref\": \"other.json\"} | nothing is fetched",
        "{\"$ref\": \"file:///etc/passwd\"} | nothing is fetched",
        "{\"$ref\": \"classpath:draft/2020-12/schema\"} | nothing is fetched",
        "{\"$ref\": \"#\"} | refers to itself without an end",
        "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}}} | without an end",
        "{\"a\": | not JSON at line 1, column ", "'' | is empty"})
    void validate_schemaThatIsNone_isRefused(String schema, String says) {
        assertThatThrownBy(() -> Schemas.validate(schema, "1")).isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("The schema").hasMessageContaining(says);
    }

    /** A loop that only some values get into shows when one does. */
    @Test
    void validate_loopThatAValueGetsInto_isRefused_andStopsNothing() {
        String loop = "{\"if\": {\"type\": \"object\"}, \"then\": {\"$ref\": \"#\"}}";
        assertThat(Schemas.validate(loop, "1")).isEmpty();
        assertThatThrownBy(() -> Schemas.validate(loop, "{}")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("without an end");
        String tree = "{\"properties\": {\"next\": {\"$ref\": \"#\"}, \"value\": {\"type\": \"integer\"}}}";
        String deep = "{\"next\": ".repeat(100) + "{\"value\": \"x\"}" + "}".repeat(100);
        assertThat(Schemas.validate(tree, deep)).singleElement().extracting(SchemaViolation::path)
                .isEqualTo("/next".repeat(100) + "/value");
    }

    /** What one schema says is not known to the next, though they share all that is the same for all. */
    @Test
    void validate_schemasOfOneId_oneAfterTheOther_eachGoesByItself() {
        String named = "{\"$id\": \"https://example.org/a\", \"$ref\": \"#/$defs/x\", \"$defs\": {\"x\": {\"type\": \"%s\"}}}";
        for (int i = 0; i < 3; i++) {
            assertThat(Schemas.validate(named.formatted("string"), "\"text\"")).isEmpty();
            assertThat(Schemas.validate(named.formatted("integer"), "\"text\"")).hasSize(1);
            assertThat(Schemas.validate(named.formatted("integer"), "17")).isEmpty();
        }
        assertThatThrownBy(() -> Schemas.validate("{\"$ref\": \"https://example.org/a\"}", "1"))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("nothing is fetched");
    }

    @Test
    void validate_byManyThreads_eachGetsItsOwnAnswer() {
        List<Integer> wrong = IntStream.range(0, 400).parallel().filter(i -> {
            String schema = "{\"$defs\": {\"n\": {\"const\": " + i + "}}, \"items\": {\"$ref\": \"#/$defs/n\"}}";
            return !Schemas.validate(schema, "[" + i + "]").isEmpty()
                    || Schemas.validate(schema, "[" + (i + 1) + ", " + i + ", -1]").size() != 2;
        }).boxed().toList();
        assertThat(wrong).isEmpty();
    }

    @Test
    void validate_longDecimals_areComparedDigitByDigit() {
        String most = "{\"maximum\": 0.1000000000000000000001}";
        assertThat(Schemas.validate(most, "0.1000000000000000000001")).isEmpty();
        assertThat(Schemas.validate(most, "0.1000000000000000000002")).hasSize(1);
    }

    @Test
    void validate_referenceToAServer_isNotFollowed() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.configureBlocking(false);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ServerSocket socket = server.socket();
            String schema = "{\"$ref\": \"http://127.0.0.1:" + socket.getLocalPort() + "/x.json\"}";
            assertThatThrownBy(() -> Schemas.validate(schema, "1")).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("nothing is fetched");
            assertThat(server.accept()).as("somebody called").isNull();
        }
    }

    @Test
    void validate_schemaOver256KiB_orValueThatIsNoJson_isRefused() {
        assertThatThrownBy(() -> Schemas.validate("{\"title\": \"" + "x".repeat(270_000) + "\"}", "1"))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("at most 262144");
        assertThatThrownBy(() -> Schemas.validate("true", "{} x")).isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("The value is not JSON at line 1");
        assertThatThrownBy(() -> Schemas.check(Duration.ofSeconds(-1))).isInstanceOf(InvalidInputException.class);
    }
}
