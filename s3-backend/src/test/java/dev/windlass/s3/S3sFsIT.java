package dev.windlass.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.windlass.doctor.Check;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Verdict;
import dev.windlass.environment.Environment;
import dev.windlass.s3.server.S3Server;
import dev.windlass.s3.server.S3sFsServer;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.StoreSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** s3s-fs, which loses updates: what else it does, and that the doctor refuses it. */
@Tag("s3s-fs")
class S3sFsIT extends S3TraitsSuite {

    @Override
    S3Server server() {
        return S3sFsServer.shared();
    }

    @Override
    S3Server startServer() {
        return S3sFsServer.start();
    }

    @Test
    void doctor_serverThatChecksFirstAndWritesAfterwards_refusesItForItsRaces() throws Exception {
        S3Server server = server();
        URI uri = server.storeUri(server.newBucket(), "");
        var settings = new StoreSettings(Environment.system(), Doctor.DEFAULT_CLIENTS, Map.of());
        try (ObjectStore store = new S3ObjectStoreProvider().open(uri, settings);
                ObjectStore second = new S3ObjectStoreProvider().open(uri, settings)) {
            Checkup checkup = Doctor.of(Environment.system()).withLoad(Duration.ZERO).examine(store, second);
            assertThat(checkup.fit()).isFalse();
            assertThat(checkup.check("reach").verdict()).isEqualTo(Verdict.GOOD);
            List<Check> races = checkup.checks().stream().filter(check -> check.verdict() == Verdict.BAD)
                    .filter(check -> check.name().contains("race") || check.name().equals("lost-updates")).toList();
            assertThat(races).as("of " + checkup.checks()).isNotEmpty()
                    .allSatisfy(check -> assertThat(check.remedy()).isNotBlank());
        }
    }
}
