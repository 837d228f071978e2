package dev.windlass.s3;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.environment.Environment;
import dev.windlass.s3.server.S3Server;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.testkit.ObjectStoreContract;

/** The contract, on a real server. */
abstract class S3ServerContract extends ObjectStoreContract {
    private static final Map<String, String> BUCKETS = new ConcurrentHashMap<>();

    /** The server that all tests of the class share. */
    abstract S3Server server();

    @Override
    protected final ObjectStore open(String place) {
        S3Server server = server();
        // The contract's longest keys leave no room for a prefix.
        String bucket = BUCKETS.computeIfAbsent(server.endpoint() + " " + place, name -> server.newBucket());
        return new S3ObjectStoreProvider().open(server.storeUri(bucket, ""),
                new StoreSettings(Environment.system(), 32, Map.of()));
    }
}
