package dev.windlass.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.testkit.ObjectStoreContract;
import org.junit.jupiter.api.io.TempDir;

class DurableFileStoreContractTest extends ObjectStoreContract {

    @TempDir
    Path directory;

    @Override
    protected ObjectStore open(String place) {
        return new LocalStores().open(URI.create("file:" + directory.resolve(place)),
                new StoreSettings(Environment.system(), 64, Map.of()));
    }

    @Override
    protected int rounds() {
        return 50; // each put is two syncs
    }
}
