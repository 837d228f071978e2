package dev.windlass.s3;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.environment.Environment;
import dev.windlass.s3.server.VersityServer;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.testkit.ObjectStoreContract;

/** The contract, on versitygw. */
class VersityContractIT extends ObjectStoreContract {
    private static final Map<String, String> BUCKETS = new ConcurrentHashMap<>();

    @Override
    protected ObjectStore open(String place) {
        VersityServer server = VersityServer.shared();
        // The contract's longest keys leave no room for a prefix.
        String bucket = BUCKETS.computeIfAbsent(place, name -> server.newBucket());
        return new S3ObjectStoreProvider().open(server.storeUri(bucket, ""),
                new StoreSettings(Environment.system(), 32, Map.of()));
    }
}
