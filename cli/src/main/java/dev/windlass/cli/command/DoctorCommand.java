package dev.windlass.cli.command;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import dev.windlass.cli.ExitCode;
import dev.windlass.doctor.Check;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Verdict;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.StoreSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass doctor}. */
@Command(name = "doctor", description = {
    "Examine a store: whether it keeps what tasks need, how fast it is, and what to do where it does not.",
    "Puts objects below doctor/, and removes them again. Exit code 1 if tasks are not safe on it, 3 if it cannot be used"
            + " at all."}, footerHeading = "%nExample:%n", footer = "  windlass doctor --store s3://my-bucket/windlass --rounds 200")
final class DoctorCommand extends StoreCommand {
    @Option(names = "--clients", paramLabel = "N", defaultValue = ""
            + Doctor.DEFAULT_CLIENTS, description = "How many clients race, and load the store, at once, 2 to 256 (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = ""
            + Doctor.DEFAULT_ROUNDS, description = "How often each race is run (default: ${DEFAULT-VALUE}); more find rarer faults.")
    private int rounds;

    @Option(names = "--load", paramLabel = "TIME", defaultValue = "2s", converter = DurationConverter.class, description = "For how long the store is loaded (default: ${DEFAULT-VALUE}); 0s leaves that out.")
    private Duration load = Duration.ZERO;

    @Override
    int work(String uri) throws InterruptedException {
        Doctor doctor = Doctor.of(environment()).withClients(clients).withRounds(rounds).withLoad(load);
        var settings = new StoreSettings(environment(), clients, Map.of());
        // What is in memory is there for one connection only.
        boolean shared = !uri.toLowerCase(Locale.ROOT).startsWith("mem:");
        try (ObjectStore store = ObjectStores.open(uri, settings);
                ObjectStore second = shared ? ObjectStores.open(uri, settings) : store) {
            Checkup checkup = doctor.examine(store, second);
            report(checkup);
            if (checkup.check("reach").verdict() == Verdict.BAD) {
                return ExitCode.STORE;
            }
            return checkup.fit() ? ExitCode.DONE : ExitCode.FAILED;
        }
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
        print(checkup.location() + (checkup.fit() ? " is fit for tasks" : " is NOT fit for tasks") + "; "
                + checkup.requests().billed() + " billed requests in " + checkup.took().toMillis() + " ms");
    }

    private static ObjectNode toJson(Checkup checkup) {
        ObjectNode json = JsonText.object().put("store", checkup.location()).put("fit", checkup.fit())
                .put("verdict", word(checkup.verdict())).put("tookMillis", checkup.took().toMillis());
        json.set("requests", JsonText.object().put("put", checkup.requests().put())
                .put("get", checkup.requests().get()).put("list", checkup.requests().list())
                .put("delete", checkup.requests().delete()));
        ArrayNode checks = json.putArray("checks");
        checkup.checks().forEach(check -> checks.add(JsonText.object().put("name", check.name())
                .put("verdict", word(check.verdict())).put("found", check.found()).put("remedy", check.remedy())));
        return json;
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
