package dev.windlass.cli.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.windlass.InvalidInputException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WfFormatTest {

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1", "1.2"})
    void read_jobsVersions_takesNamesAndRuntime(String version) {
        WorkflowGraph graph = read(
                """
                        {"name":"old","schemaVersion":"%s","workflow":{"executedAt":"x","jobs":[
                          {"name":"b","type":"compute","runtime":2.5,"parents":["a"],"files":[{"link":"input","name":"f","size":1}]},
                          {"name":"a","runtime":1,"parents":[]}]}}"""
                        .formatted(version));

        assertThat(graph.name()).isEqualTo("old");
        assertThat(graph.task("b")).isEqualTo(new GraphTask("b", "b", 2.5, java.util.List.of("a")));
        assertThat(graph.totalRuntimeSeconds()).isEqualTo(3.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.3", "1.4"})
    void read_tasksVersions_resolvesNamesToIds(String version) {
        String runtime = version.equals("1.3") ? "runtime" : "runtimeInSeconds";
        WorkflowGraph graph = read("""
                {"workflow":{"tasks":[
                  {"name":"b","id":"ID2","%1$s":2,"parents":["a"]},
                  {"name":"a","id":"ID1","%1$s":1,"children":["b","c"]},
                  {"name":"c","parents":[]}]},"schemaVersion":"%2$s"}""".formatted(runtime, version));

        assertThat(graph.name()).isEqualTo("default");
        assertThat(graph.task("ID2").parents()).containsExactly("ID1");
        assertThat(graph.task("c").parents()).containsExactly("ID1");
        assertThat(graph.task("c").runtimeSeconds()).isZero();
        assertThat(graph.totalRuntimeSeconds()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1.6"})
    void read_splitVersions_joinsSpecificationAndExecution(String version) {
        WorkflowGraph graph = read("""
                {"schemaVersion":"%s","workflow":{"execution":{"metrics":{},"tasks":[
                    {"id":"1","runtimeInSeconds":4,"command":{"program":"rm","arguments":["-rf"]}}]},
                  "specification":{"metrics":{"a":[{}]},"tasks":[
                    {"id":"1","name":"same","parents":[],"children":["2"]},
                    {"id":"2","name":"same","parents":["1"],"children":[]},
                    {"id":"3","name":"same","parents":["2"]}]}}}""".formatted(version));

        assertThat(graph.edges()).isEqualTo(2);
        assertThat(graph.task("1").runtimeSeconds()).isEqualTo(4);
        assertThat(graph.task("2").runtimeSeconds()).isZero();
        assertThat(graph.task("2").name()).isEqualTo("same");
    }

    @Test
    void read_notJson_saysWhere() {
        refused("{\"schemaVersion\":\n  nope}").hasMessageContaining("not JSON at line 2, column");
        refused("{\"name\":\"a\",\"name\":\"b\"}").hasMessageContaining("not JSON at line 1");
        refused("{} {}").hasMessageContaining("more after the end");
        refused("").hasMessageContaining("the file is empty");
        refused("[".repeat(100_000)).hasMessageContaining("not JSON");
        refused("[1]").hasMessageContaining("the file must be an object (line 1)");
    }

    @Test
    void read_notWfFormat_saysWhichFieldIsMissing() {
        refused("{}").hasMessageContaining("field schemaVersion is missing")
                .hasMessageContaining("field workflow is missing");
        refused("{\"schemaVersion\":\"1.5\"}").hasMessageContaining("field workflow is missing");
        refused("{\"schemaVersion\":\"1.5\",\"workflow\":{}}")
                .hasMessageContaining("field workflow.specification is missing");
        refused("{\"schemaVersion\":\"1.5\",\"workflow\":{\"specification\":{}}}")
                .hasMessageContaining("field workflow.specification.tasks is missing");
        refused("{\"schemaVersion\":\"1.2\",\"workflow\":{}}").hasMessageContaining("field workflow.jobs is missing");
        refused("{\"schemaVersion\":\"1.4\",\"workflow\":{}}").hasMessageContaining("field workflow.tasks is missing");
        refused("{\"schemaVersion\":\"2.0\",\"workflow\":{}}")
                .hasMessageContaining("schemaVersion \"2.0\" is not known")
                .hasMessageContaining("1.6");
        refused("{\"schemaVersion\":1.5,\"workflow\":[]}").hasMessageContaining("schemaVersion must be a string")
                .hasMessageContaining("workflow must be an object");
    }

    @Test
    void read_wrongTasks_tellsAllProblemsAtOnce() {
        refused(split("[]", "[]")).hasMessageContaining("no tasks");
        refused(split("[7]", "[]")).hasMessageContaining("workflow.specification.tasks[0] must be an object");
        refused(split("""
                [{"id":"a","parents":["x"],"children":["y"]},{"name":"n"},{"id":"a"},{"id":"s","parents":["s"]},
                 {"id":"","parents":null}]""", """
                [{"id":"a","runtimeInSeconds":-3},{"id":"s","runtimeInSeconds":1e999},{"id":"ghost"},{"id":"a"}]"""))
                .hasMessageContaining("task \"a\" is twice in workflow.execution.tasks");
        refused(split("""
                [{"id":"a","parents":["x"],"children":["y"]},{"name":"n"},{"id":"a"},{"id":"s","parents":["s"]},
                 {"id":""}]""", """
                [{"id":"a","runtimeInSeconds":-3},{"id":"s","runtimeInSeconds":1e999},{"id":"ghost"}]"""))
                .hasMessageContaining("\"a\" has the parent \"x\", which is no task")
                .hasMessageContaining("\"a\" has the child \"y\", which is no task")
                .hasMessageContaining("task number 2 has no id").hasMessageContaining("two tasks have the id \"a\"")
                .hasMessageContaining("\"s\" has itself as a parent").hasMessageContaining("empty id")
                .hasMessageContaining("the runtime -3.0").hasMessageContaining("the runtime Infinity")
                .hasMessageContaining("\"ghost\", which workflow.specification.tasks does not have");
        refused(split("[{\"id\":\"a\",\"parents\":[\"b\"]},{\"id\":\"b\",\"parents\":[\"a\"]}]", "[]"))
                .hasMessageContaining("\"b\" → \"a\" → \"b\"");
    }

    @Test
    void read_ambiguousName_isRefused() {
        refused("""
                {"schemaVersion":"1.4","workflow":{"tasks":[{"id":"1","name":"n"},{"id":"2","name":"n"},
                 {"id":"3","name":"m","parents":["n"]}]}}""").hasMessageContaining("the name of several tasks");
    }

    @Test
    void read_endlessInput_isCutOff() {
        var endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                java.util.Arrays.fill(bytes, offset, offset + length, (byte) ' ');
                return length;
            }
        };

        assertThatThrownBy(() -> WfFormat.read("endless", "d", endless)).isInstanceOf(InvalidInputException.class)
                .hasMessage("endless is larger than 256 MiB, the most that is read");
    }

    @Test
    void read_fileThatCannotBeRead_isNamed(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> WfFormat.read(folder.resolve("none.json"))).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none.json does not exist");
        assertThatThrownBy(() -> WfFormat.read(folder)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is a directory");
        Path named = Files.writeString(folder.resolve("mine.json"), split("[{\"id\":\"a\"}]", "[]"));
        assertThat(WfFormat.read(named).name()).isEqualTo("mine");
    }

    private static String split(String specified, String executed) {
        return "{\"schemaVersion\":\"1.5\",\"workflow\":{\"specification\":{\"tasks\":" + specified
                + "},\"execution\":{\"tasks\":" + executed + "}}}";
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(String json) {
        return assertThatThrownBy(() -> read(json)).isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("test graph");
    }

    private static WorkflowGraph read(String json) {
        return WfFormat.read("test graph", "default",
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
