package dev.windlass.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import dev.windlass.TaskFailedException;
import dev.windlass.Windlass;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.s3.server.S3Server;
import dev.windlass.s3.server.VersityServer;
import dev.windlass.schema.SchemaViolation;
import dev.windlass.schema.SchemaViolationException;
import dev.windlass.schema.Schemas;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The Python package: its own tests, run as a user would run them, and what its tools say. */
class PythonPackageIT {
    private static final Path PROJECT = Path.of(System.getProperty("windlass.python.project", "target/python"))
            .toAbsolutePath();
    private static final Path TESTS = Path.of("src/test/python").toAbsolutePath();
    private static final Path EXAMPLES = Path.of("../examples/src/main/python").toAbsolutePath().normalize();

    private static final TaskType<Order, Total> PYTHON_STEP = TaskType.of("total", Order.class, Total.class);
    private static final TaskType<Total, BigDecimal> JAVA_STEP = TaskType.of("tenfold", Total.class, BigDecimal.class);

    /** Many short programs are started: what the second compiler would win comes too late for them. */
    private static final Map<String, String> QUICK = Map.of("WINDLASS_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");

    record Order(BigDecimal price, int count) {}

    record Total(BigDecimal price, String by) {}

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void package_itsTests_pass() throws Exception {
        VirtualEnvironment python = VirtualEnvironment.shared();
        VirtualEnvironment.Outcome outcome = python.python(TESTS, store(), 600, "-m", "windlass", "-m", "pytest", "-p",
                "no:cacheprovider", "--junitxml", Path.of("target/pytest.xml").toAbsolutePath().toString(), ".");
        System.out.println(outcome.output().strip().lines().reduce((first, second) -> second).orElse(""));
        assertThat(outcome.code()).as(outcome.output()).isZero();
    }

    /** With an S3 server if there is one: without it, the tests on it are skipped. */
    private static Map<String, String> store() {
        try {
            S3Server server = VersityServer.shared();
            var variables = new HashMap<>(server.environment());
            variables.putAll(QUICK);
            variables.put("WINDLASS_TEST_BUCKET", server.newBucket());
            return variables;
        } catch (RuntimeException e) {
            if (!e.getClass().getSimpleName().equals("TestAbortedException")) {
                throw e;
            }
            return QUICK; // it has said why
        }
    }

    @Test
    void wheel_isForEveryPlatform_andCarriesTheJars() throws Exception {
        VirtualEnvironment.shared();
        String version = System.getProperty("windlass.version", "");
        String wheelVersion = version.replace("-SNAPSHOT", ".dev0");

        Path wheel = VirtualEnvironment.wheel();

        assertThat(wheel.getFileName()).hasToString("windlass-" + wheelVersion + "-py3-none-any.whl");
        try (var zip = new ZipFile(wheel.toFile())) {
            List<String> names = zip.stream().map(ZipEntry::getName).toList();
            assertThat(names).doesNotHaveDuplicates().contains("windlass/py.typed", "windlass/workflow/__init__.py",
                    "windlass_pytest.py", "windlass/jars/windlass-queue-core-" + version + ".jar",
                    "windlass/jars/windlass-s3-backend-" + version + ".jar",
                    "windlass/jars/windlass-schemas-" + version + ".jar", "windlass/jars/jep-4.3.1.jar");
            assertThat(names).anyMatch(name -> name.startsWith("windlass/jars/json-schema-validator-"));
            ZipEntry metadata = zip.getEntry("windlass-" + wheelVersion + ".dist-info/METADATA");
            assertThat(new String(zip.getInputStream(metadata).readAllBytes(), UTF_8)).contains(
                    "Requires-Dist: jep==4.3.1", "Requires-Python: >=3.11");
        }
    }

    @Test
    void sources_pyrightStrict_findsNothing() throws Exception {
        VirtualEnvironment python = VirtualEnvironment.shared();
        Map<String, String> quiet = Map.of("PYRIGHT_PYTHON_IGNORE_WARNINGS", "1");
        VirtualEnvironment.Outcome outcome = python.python(PROJECT, quiet, 300, "-m", "pyright", "--pythonpath",
                python.program("python"), "windlass", "windlass_pytest.py");
        assertThat(outcome.code()).as(outcome.output()).isZero();
    }

    @Test
    void sources_ruff_findsNothing() throws Exception {
        VirtualEnvironment python = VirtualEnvironment.shared();
        ruff(python, PROJECT.resolve("pyproject.toml"), PROJECT);
        ruff(python, TESTS.resolve("ruff.toml"), TESTS);
        ruff(python, TESTS.resolve("ruff.toml"), EXAMPLES);
    }

    private static void ruff(VirtualEnvironment python, Path settings, Path sources) throws Exception {
        for (String[] what : new String[][]{{"check"}, {"format", "--check", "--diff"}}) {
            var arguments = new ArrayList<>(List.of("-m", "ruff"));
            arguments.addAll(List.of(what));
            arguments.addAll(List.of("--no-cache", "--config", settings.toString(), sources.toString()));
            VirtualEnvironment.Outcome outcome = python.python(PROJECT, Map.of(), 60,
                    arguments.toArray(new String[0]));
            assertThat(outcome.code()).as(outcome.output()).isZero();
        }
    }

    @Test
    void tasks_submittedInOneLanguage_areWorkedInTheOther() throws Exception {
        VirtualEnvironment python = VirtualEnvironment.shared();
        String url = "file:" + directory.resolve("store") + "?fsync=false";
        try (Windlass windlass = Windlass.connect(url)) {
            TaskQueue queue = windlass.queue("mixed");
            TaskHandle<Total> ofJava = queue.submit(PYTHON_STEP, new Order(new BigDecimal("0.25"), 3));
            TaskHandle<Total> broken = queue.submit(PYTHON_STEP, new Order(new BigDecimal("1"), -1));
            try (Worker worker = windlass.worker().queue("mixed")
                    .handle(JAVA_STEP, (task, total) -> total.price().multiply(BigDecimal.TEN)).start()) {
                VirtualEnvironment.Outcome outcome = python.python(directory, QUICK, 120, "-m", "windlass",
                        TESTS.resolve("mixed_worker.py").toString(), url);
                assertThat(outcome.code()).as(outcome.output()).isZero();
                assertThat(outcome.output().lines()).contains("java says 25.0");
            }
            assertThat(ofJava.await(Duration.ofSeconds(10)))
                    .isEqualTo(new Total(new BigDecimal("0.75"), "python"));
            assertThatThrownBy(() -> broken.await(Duration.ofSeconds(10))).isInstanceOfSatisfying(
                    TaskFailedException.class, failed -> {
                        assertThat(failed.error().type()).isEqualTo("windlass.errors.PermanentError");
                        assertThat(failed.error().message()).isEqualTo("nothing was ordered");
                        assertThat(failed.error().stackTrace()).contains("mixed_worker.py", "in total");
                    });
        }
    }

    @Test
    void schemas_publishedInOneLanguage_holdInTheOther() throws Exception {
        VirtualEnvironment python = VirtualEnvironment.shared();
        String url = "file:" + directory.resolve("store") + "?fsync=false";
        try (Windlass windlass = Windlass.builder().check(Schemas.check()).connect(url)) {
            Schemas.on(windlass).publish("total", """
                    {"type": "object", "properties": {"count": {"minimum": 0}}, "required": ["count"]}""", """
                    {"type": "object", "properties": {"by": {"const": "java"}}}""", "java");
            TaskHandle<Total> ofJava = windlass.queue("mixed").submit(PYTHON_STEP,
                    new Order(new BigDecimal("0.25"), 3));

            VirtualEnvironment.Outcome outcome = python.python(directory, QUICK, 120, "-m", "windlass",
                    TESTS.resolve("mixed_schemas.py").toString(), url);

            assertThat(outcome.code()).as(outcome.output()).isZero();
            assertThat(outcome.output().lines()).contains("published by java, refused at /count");
            assertThatThrownBy(() -> ofJava.await(Duration.ofSeconds(10))).isInstanceOfSatisfying(
                    TaskFailedException.class,
                    failed -> assertThat(failed.error().message()).contains("version 1: /by: ").contains("'java'"));
            assertThatThrownBy(() -> windlass.queue("mixed").submit(JAVA_STEP,
                    new Total(new BigDecimal("1"), "nobody"))).isInstanceOfSatisfying(SchemaViolationException.class,
                            refused -> assertThat(refused.violations()).extracting(SchemaViolation::path)
                                    .containsExactly("/by"));
        }
    }

    @Test
    void steps_ofOneLanguage_areDoneForGraphsAndFunctionsOfTheOther() throws Exception {
        VirtualEnvironment python = VirtualEnvironment.shared();
        String url = "file:" + directory.resolve("store") + "?fsync=false";
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        DagDefinition graph = DagDefinition.builder("java-graph").step("one", "java-number", nodes.numberNode(1))
                .step("two", "java-number", nodes.numberNode(2)).step("sum", "python-sum", null, "one", "two")
                .build();
        try (Windlass windlass = Windlass.connect(url)) {
            Workflows workflows = Workflows.on(windlass.engine())
                    .stepType("java-number", (step, input, parents) -> input)
                    .stepType("java-tenfold", (step, input, parents) -> {
                        JsonNode price = input.has("price")
                                ? input.path("price")
                                : requireNonNull(parents.get("price")).path("price");
                        return new BigDecimal(price.asString()).multiply(BigDecimal.TEN).toPlainString();
                    });
            WorkflowHandle run = workflows.start(graph, "from-java");
            try (Worker worker = workflows.worker(windlass.worker().poll(Duration.ofMillis(20), Duration.ofMillis(200)))
                    .start()) {
                VirtualEnvironment.Outcome outcome = python.python(directory, QUICK, 120, "-m", "windlass",
                        TESTS.resolve("mixed_steps.py").toString(), url);
                assertThat(outcome.code()).as(outcome.output()).isZero();
                assertThat(outcome.output().lines()).containsExactly("graph {'told': '12.50'}", "function 5.0",
                        "java's {'sum': 3}");
            }
            assertThat(run.await(Duration.ofSeconds(10))).containsEntry("sum", nodes.numberNode(3));
            assertThat(run.steps()).filteredOn(StepInfo::fleet).extracting(StepInfo::name).containsExactly("sum");
        }
    }
}
