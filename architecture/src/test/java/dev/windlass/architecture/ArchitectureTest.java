package dev.windlass.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the architecture: layers, and one source of time, threads, waiting and randomness. */
class ArchitectureTest {
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("store/testkit") && !location.contains("store-testkit"))
            .importPackages("dev.windlass");

    /** What runs in the simulator: it must not know where it runs. */
    private static final String[] CORE_AND_ENGINE = {"dev.windlass", "dev.windlass.queue..", "dev.windlass.store..",
        "dev.windlass.internal..", "dev.windlass.environment..", "dev.windlass.observer..",
        "dev.windlass.workflow..", "dev.windlass.schedule.."};

    private static final String[] CORE_PACKAGES = {"dev.windlass", "dev.windlass.environment..", "dev.windlass.queue..",
        "dev.windlass.store..", "dev.windlass.internal..", "dev.windlass.observer.."};

    /** Classes that may touch the system's threads or locks, each for the reason given. */
    private static final Set<String> EXEMPT = Set.of(
            // The one real environment.
            "dev.windlass.environment.SystemEnvironment");

    @Test
    void imports_allModules_areThere() {
        assertThat(PRODUCTION.contain("dev.windlass.Windlass")).isTrue();
        assertThat(PRODUCTION.contain("dev.windlass.workflow.Workflows")).isTrue();
        assertThat(PRODUCTION.contain("dev.windlass.schedule.Schedules")).isTrue();
        assertThat(PRODUCTION.contain("dev.windlass.cli.Main")).isTrue();
        assertThat(PRODUCTION.contain("dev.windlass.metrics.WindlassMetrics")).isTrue();
        assertThat(PRODUCTION.contain("dev.windlass.schema.Schemas")).isTrue();
        assertThat(PRODUCTION.contain("dev.windlass.python.Gateway")).isTrue();
        assertThat(PRODUCTION.stream().anyMatch(c -> c.getPackageName().equals("dev.windlass.local"))).isTrue();
        assertThat(PRODUCTION.stream().anyMatch(c -> c.getPackageName().equals("dev.windlass.s3"))).isTrue();
    }

    @Test
    void core_dependsOnNoModuleAboveIt() {
        noClasses().that().resideInAnyPackage(CORE_PACKAGES).should().dependOnClassesThat().resideInAnyPackage(
                "dev.windlass.local..", "dev.windlass.s3..", "dev.windlass.workflow..", "dev.windlass.schedule..",
                "dev.windlass.metrics..", "dev.windlass.schema..", "dev.windlass.python..",
                "dev.windlass.cli..")
                .check(PRODUCTION);
    }

    @Test
    void backends_knowNothingOfTasks() {
        noClasses().that().resideInAnyPackage("dev.windlass.local..", "dev.windlass.s3..").should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.windlass.queue..", "dev.windlass.internal..", "dev.windlass.workflow..",
                        "dev.windlass.schedule..", "dev.windlass.metrics..", "dev.windlass.schema..",
                        "dev.windlass.python..",
                        "dev.windlass.cli..")
                .check(PRODUCTION);
    }

    @Test
    void workflow_reachesIntoNoBackendAndNotIntoTheQueue() {
        noClasses().that().resideInAnyPackage("dev.windlass.workflow..", "dev.windlass.schedule..").should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.windlass.local..", "dev.windlass.s3..", "dev.windlass.internal..",
                        "dev.windlass.metrics..", "dev.windlass.schema..", "dev.windlass.python..",
                        "dev.windlass.cli..")
                .check(PRODUCTION);
    }

    @Test
    void workflows_knowNothingOfSchedules() {
        noClasses().that().resideInAPackage("dev.windlass.workflow..").should().dependOnClassesThat()
                .resideInAPackage("dev.windlass.schedule..").check(PRODUCTION);
    }

    /** Its expressions are read, and no more: no thread, store or job of Quartz. */
    @Test
    void quartz_isKnownByItsExpressionsAndToSchedulesAlone() {
        noClasses().that().resideOutsideOfPackage("dev.windlass.schedule..").should().dependOnClassesThat()
                .resideInAPackage("org.quartz..").check(PRODUCTION);
        noClasses().should().dependOnClassesThat(resideInAnyPackage("org.quartz..")
                .and(not(named("CronExpression")))).check(PRODUCTION);
    }

    @Test
    void pythonBindings_reachIntoNoBackendAndNotIntoTheQueue() {
        noClasses().that().resideInAPackage("dev.windlass.python..").should().dependOnClassesThat()
                .resideInAnyPackage("dev.windlass.local..", "dev.windlass.s3..", "dev.windlass.internal..",
                        "dev.windlass.workflow.internal..", "dev.windlass.cli..")
                .check(PRODUCTION);
    }

    @Test
    void jep_isKnownToTheProgramThatEmbedsPythonAlone() {
        noClasses().that().doNotHaveFullyQualifiedName("dev.windlass.python.Main").should().dependOnClassesThat()
                .resideInAPackage("jep..").check(PRODUCTION);
    }

    @Test
    void awsTypes_stayInTheS3Backend() {
        noClasses().that().resideOutsideOfPackage("dev.windlass.s3..").should().dependOnClassesThat()
                .resideInAPackage("software.amazon..").check(PRODUCTION);
    }

    /** The programs choose where metrics go. */
    @Test
    void micrometer_isKnownToTheMetricsAndTheProgramsAlone() {
        noClasses().that().resideOutsideOfPackages("dev.windlass.metrics..", "dev.windlass.cli..",
                "dev.windlass.python..").should().dependOnClassesThat().resideInAPackage("io.micrometer..")
                .check(PRODUCTION);
    }

    @Test
    void schemas_reachIntoNothingButTheQueuesInterfaces_andTheirValidatorIsKnownToThemAlone() {
        noClasses().that().resideInAPackage("dev.windlass.schema..").should().dependOnClassesThat()
                .resideInAnyPackage("dev.windlass.local..", "dev.windlass.s3..", "dev.windlass.internal..",
                        "dev.windlass.workflow..", "dev.windlass.schedule..", "dev.windlass.metrics..",
                        "dev.windlass.python..", "dev.windlass.cli..")
                .check(PRODUCTION);
        noClasses().that().resideOutsideOfPackage("dev.windlass.schema..").should().dependOnClassesThat()
                .resideInAPackage("com.networknt..").check(PRODUCTION);
    }

    @Test
    void outcomesOfPreconditions_areInterpretedInOnePlace() {
        noClasses().that()
                .resideInAnyPackage("dev.windlass.internal..", "dev.windlass.workflow..", "dev.windlass.schedule..",
                        "dev.windlass.schema..", "dev.windlass.cli..")
                // Measurements stand between the queue and the store, and pass outcomes on.
                .and(not(named("DefaultDocuments", "SampledStore", "ObservedStore", "MeasuredStore"))).should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.windlass.store.PutResult").check(PRODUCTION);
    }

    @Test
    void names_sayWhatAThingIs() {
        noClasses().should().resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..manager..")
                .orShould().haveSimpleNameEndingWith("Util").orShould().haveSimpleNameEndingWith("Utils").orShould()
                .haveSimpleNameEndingWith("Helper").orShould().haveSimpleNameEndingWith("Manager").check(PRODUCTION);
    }

    @Test
    void timeThreadsWaitingAndRandomness_comeFromTheEnvironment() {
        noClasses().that(not(exempt())).should().accessTargetWhere(forbidden("to any class", Set.of(
                "java.lang.System.currentTimeMillis", "java.lang.System.nanoTime", "java.time.Instant.now",
                "java.time.LocalDate.now", "java.time.LocalDateTime.now", "java.time.ZonedDateTime.now",
                "java.time.OffsetDateTime.now", "java.time.Clock.systemUTC", "java.time.Clock.systemDefaultZone",
                "java.lang.Thread.sleep", "java.lang.Thread.<init>", "java.lang.Thread.start", "java.lang.Thread.join",
                "java.lang.Thread.ofVirtual", "java.lang.Thread.ofPlatform", "java.lang.Thread.startVirtualThread",
                "java.lang.Thread.yield", "java.lang.Thread.onSpinWait", "java.lang.Object.wait",
                "java.lang.Object.notify", "java.lang.Object.notifyAll", "java.lang.Math.random",
                "java.util.UUID.randomUUID", "java.util.Random.<init>", "java.security.SecureRandom.<init>",
                "java.util.concurrent.CompletableFuture.get", "java.util.concurrent.CompletableFuture.join",
                "java.util.concurrent.CompletableFuture.supplyAsync", "java.util.concurrent.CompletableFuture.runAsync",
                "java.util.concurrent.Future.get", "java.util.Collections.shuffle",
                "java.util.concurrent.ForkJoinPool.commonPool", "java.util.Collection.parallelStream",
                "java.util.stream.BaseStream.parallel", "java.util.SplittableRandom.<init>",
                "java.util.random.RandomGenerator.getDefault", "java.util.random.RandomGenerator.of")))
                .check(PRODUCTION);
        noClasses().that(not(exempt())).and().resideInAnyPackage(CORE_AND_ENGINE).should()
                .accessTargetWhere(forbidden("to any class",
                        Set.of("java.lang.ProcessHandle.current", "java.net.InetAddress.getLocalHost",
                                "java.lang.System.identityHashCode")))
                .check(PRODUCTION);
        noClasses().that(not(exempt())).and().resideOutsideOfPackages("dev.windlass.local..", "dev.windlass.s3..")
                .should()
                .dependOnClassesThat(blocking()).check(PRODUCTION);
        noClasses().that().resideInAnyPackage("dev.windlass.local..", "dev.windlass.s3..").should()
                .dependOnClassesThat(blocking().and(not(locks())))
                .check(PRODUCTION);
    }

    @Test
    void internalPackages_arePrivateToTheirModule() {
        classes().that().resideInAPackage("dev.windlass.internal..").should().onlyBeAccessed()
                .byAnyPackage("dev.windlass", "dev.windlass.internal..").check(PRODUCTION);
        classes().that().resideInAPackage("dev.windlass.workflow.internal..").should().onlyBeAccessed()
                .byAnyPackage("dev.windlass.workflow..", "dev.windlass.schedule..").check(PRODUCTION);
        classes().that().resideInAPackage("dev.windlass.schedule.internal..").should().onlyBeAccessed()
                .byAnyPackage("dev.windlass.schedule..").check(PRODUCTION);
        classes().that().resideInAPackage("dev.windlass.python.internal..").should().onlyBeAccessed()
                .byAnyPackage("dev.windlass.python..").check(PRODUCTION);
    }

    private static DescribedPredicate<JavaClass> blocking() {
        return resideInAnyPackage("java.util.concurrent.locks..")
                .or(belongToAnyOf(java.util.concurrent.Executors.class, java.util.concurrent.ExecutorService.class,
                        java.util.concurrent.ForkJoinPool.class, java.util.concurrent.CountDownLatch.class,
                        java.util.concurrent.Semaphore.class, java.util.concurrent.BlockingQueue.class,
                        java.util.concurrent.LinkedBlockingQueue.class, java.util.concurrent.ArrayBlockingQueue.class,
                        java.util.concurrent.SynchronousQueue.class, java.util.concurrent.CyclicBarrier.class,
                        java.util.concurrent.Phaser.class, java.util.concurrent.Exchanger.class, java.util.Timer.class,
                        java.util.concurrent.ScheduledExecutorService.class,
                        java.util.concurrent.ThreadLocalRandom.class))
                .as("wait, run threads, or draw random numbers");
    }

    /** What a backend may hold for a moment of memory work. */
    private static DescribedPredicate<JavaClass> locks() {
        Set<String> names = Set.of("java.util.concurrent.locks.Lock", "java.util.concurrent.locks.ReentrantLock",
                "java.util.concurrent.locks.ReadWriteLock", "java.util.concurrent.locks.ReentrantReadWriteLock");
        return DescribedPredicate.describe("locks", c -> names.contains(c.getBaseComponentType().getName()));
    }

    private static DescribedPredicate<JavaClass> exempt() {
        return DescribedPredicate.describe("exempt", c -> EXEMPT.stream()
                .anyMatch(name -> c.getName().equals(name) || c.getName().startsWith(name + "$")));
    }

    private static DescribedPredicate<JavaClass> named(String... simpleNames) {
        return DescribedPredicate.describe("named", c -> Set.of(simpleNames).contains(c.getSimpleName()));
    }

    private static DescribedPredicate<JavaAccess<?>> forbidden(String description, Set<String> targets) {
        return DescribedPredicate.describe(description, access -> targets
                .contains(access.getTargetOwner().getName() + '.' + access.getTarget().getName()));
    }
}
