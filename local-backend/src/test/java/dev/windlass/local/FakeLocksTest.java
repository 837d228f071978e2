package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;

import dev.windlass.doctor.Check;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Verdict;
import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.StoreSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network file system whose locks are each host's own, as some are: two store directories with a lock file each, over
 * one tree of objects. Renames are atomic there, conditions are not.
 */
class FakeLocksTest {
    private static final Doctor DOCTOR = Doctor.of(Environment.system()).withLoad(Duration.ZERO).withRounds(500);

    @TempDir
    Path folder;

    private ObjectStore mount(String name) throws IOException {
        Path mount = folder.resolve(name);
        Path shared = folder.resolve("objects");
        Files.createDirectories(shared);
        if (!Files.exists(mount)) {
            try (ObjectStore made = open(mount)) {
                made.put("meta/made", new byte[]{1}, Precondition.none());
            }
            try (var files = Files.walk(mount.resolve("objects"))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            Files.createSymbolicLink(mount.resolve("objects"), shared);
        }
        return open(mount);
    }

    private static ObjectStore open(Path directory) {
        return new LocalStores().open(URI.create("file:" + directory + "?fsync=false"),
                new StoreSettings(Environment.system(), 16, Map.of()));
    }

    @Test
    void examine_locksThatDoNotExcludeEachOther_losesUpdates() throws Exception {
        try (ObjectStore one = mount("host-a"); ObjectStore other = mount("host-b")) {
            Checkup checkup = DOCTOR.examine(one, other);

            assertThat(checkup.fit()).as(checkup.toString()).isFalse();
            assertThat(checkup.checks().stream().filter(check -> check.verdict() == Verdict.BAD).map(Check::name))
                    .isSubsetOf("create-race", "swap-race", "lost-updates");
            assertThat(checkup.check("conditions").verdict()).as("alone, each is right").isEqualTo(Verdict.GOOD);
        }
    }

    @Test
    void examine_twoConnectionsThatShareTheirLocks_losesNone() throws Exception {
        try (ObjectStore one = mount("host-a"); ObjectStore other = mount("host-a")) {
            Checkup checkup = DOCTOR.examine(one, other);

            assertThat(checkup.fit()).as(checkup.toString()).isTrue();
        }
    }
}
