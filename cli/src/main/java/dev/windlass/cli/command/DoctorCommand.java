package dev.windlass.cli.command;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import dev.windlass.cli.ExitCode;
import dev.windlass.doctor.Check;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Role;
import dev.windlass.doctor.Verdict;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.StoreSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass doctor}. */
@Command(name = "doctor", description = {
    "Examine a store: whether it keeps what tasks need, how fast it is, and what to do where it does not.",
    "Puts objects below doctor/, and removes them again. Exit code 1 if tasks are not safe on it, 3 if it cannot be used"
            + " at all, or something could not be looked at."}, footerHeading = "%nExamples:%n", footer = {
                "  windlass doctor --store s3://my-bucket/windlass --rounds 200",
                "  windlass doctor --store file:/mnt/a/jobs --also file:/mnt/b/jobs",
                "  windlass doctor --store s3://my-bucket/windlass --role worker"})
final class DoctorCommand extends StoreCommand {
    @Option(names = "--clients", paramLabel = "N", defaultValue = ""
            + Doctor.DEFAULT_CLIENTS, description = "How many clients race, and load the store, at once, 2 to 256 (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = ""
            + Doctor.DEFAULT_ROUNDS, description = "How often each race is run (default: ${DEFAULT-VALUE}); more find rarer faults.")
    private int rounds;

    @Option(names = "--load", paramLabel = "TIME", defaultValue = "2s", converter = DurationConverter.class, description = "For how long the store is loaded (default: ${DEFAULT-VALUE}); 0s leaves that out.")
    private Duration load = Duration.ZERO;

    @ArgGroup(exclusive = true)
    private @Nullable Scope scope;

    /** What to look at, if not at all there is through two connections of one kind. */
    static final class Scope {
        @Option(names = "--quick", description = "Only what each worker looks at before it starts: 8 billed requests.")
        private boolean quick;

        @Option(names = "--role", paramLabel = "ROLE", description = "Only whether these credentials may do what that role does, and no more: ${COMPLETION-CANDIDATES}.")
        private @Nullable Role role;

        @Option(names = "--also", paramLabel = "URI", description = "Another way to the same store, as other machines go: another node's endpoint, another mount. Half of the clients take it.")
        private @Nullable String also;
    }

    @Override
    int work(String uri) throws InterruptedException {
        Doctor doctor = Doctor.of(environment()).withClients(clients).withRounds(rounds).withLoad(load);
        var settings = new StoreSettings(environment(), clients, Map.of());
        Scope narrow = scope == null ? new Scope() : scope;
        // What is in memory is there for one connection only.
        boolean shared = !uri.toLowerCase(Locale.ROOT).startsWith("mem:");
        String other = narrow.also == null ? uri : narrow.also;
        try (ObjectStore store = ObjectStores.open(uri, settings);
                ObjectStore second = shared || narrow.also != null ? ObjectStores.open(other, settings) : store) {
            Checkup checkup = narrow.quick
                    ? doctor.glance(store)
                    : narrow.role != null ? doctor.examineRole(store, narrow.role) : doctor.examine(store, second);
            report(checkup);
            return exitCode(checkup);
        }
    }

    private String conclusion(Checkup checkup) {
        if (exitCode(checkup) == ExitCode.STORE && checkup.fit()) {
            return ": what was to be looked at is NOT known";
        }
        if (scope != null && scope.role != null) {
            return checkup.fit() ? " allows what that role needs" : " does NOT allow what that role needs";
        }
        return checkup.fit() ? " is fit for tasks" : " is NOT fit for tasks";
    }

    private static int exitCode(Checkup checkup) {
        if (!checkup.fit()) {
            return checkup.checks().stream()
                    .anyMatch(check -> check.name().equals("reach") && check.verdict() == Verdict.BAD)
                            ? ExitCode.STORE
                            : ExitCode.FAILED;
        }
        // Nothing is wrong, and something could not be looked at: the store did not answer, or refused.
        return checkup.checks().stream().anyMatch(check -> check.verdict() == Verdict.SKIPPED)
                ? ExitCode.STORE
                : ExitCode.DONE;
    }

    private void report(Checkup checkup) {
        if (json()) {
            print(toJson(checkup));
            return;
        }
        Table table = table("VERDICT", "CHECK", "FOUND");
        checkup.checks().forEach(check -> table.row(word(check.verdict()), check.name(), check.found()));
        table.print(out());
        for (Check check : checkup.checks()) {
            if (check.remedy() != null) {
                print(check.name() + ": " + check.remedy());
            }
        }
        print(checkup.location() + conclusion(checkup) + "; "
                + checkup.requests().billed() + " billed requests in " + checkup.took().toMillis() + " ms");
    }

    private static ObjectNode toJson(Checkup checkup) {
        ObjectNode json = JsonText.object().put("store", checkup.location()).put("fit", checkup.fit())
                .put("verdict", word(checkup.verdict())).put("tookMillis", checkup.took().toMillis());
        json.set("requests", JsonText.object().put("put", checkup.requests().put())
                .put("get", checkup.requests().get()).put("list", checkup.requests().list())
                .put("delete", checkup.requests().delete()));
        ArrayNode checks = json.putArray("checks");
        checkup.checks().forEach(check -> {
            ObjectNode entry = checks.addObject().put("name", check.name()).put("verdict", word(check.verdict()))
                    .put("found", check.found()).put("remedy", check.remedy());
            if (!check.figures().isEmpty()) {
                ObjectNode figures = entry.putObject("figures");
                check.figures().forEach(figures::put);
            }
        });
        return json;
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
