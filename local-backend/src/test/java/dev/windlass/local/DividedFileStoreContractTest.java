package dev.windlass.local;

import java.nio.file.Path;

import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.testkit.ObjectStoreContract;
import org.junit.jupiter.api.io.TempDir;

/** The same with directories that are divided at four objects, so that everything happens in buckets of buckets. */
class DividedFileStoreContractTest extends ObjectStoreContract {

    @TempDir
    Path directory;

    @Override
    protected ObjectStore open(String place) {
        return new FileObjectStore(new StoreDirectory(directory.resolve(place)), false, Environment.system(), 4);
    }
}
