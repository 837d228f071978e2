package dev.windlass.local;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.testkit.ObjectStoreContract;

class MemoryStoreContractTest extends ObjectStoreContract {

    private final Map<String, MemoryObjectStore.Content> places = new ConcurrentHashMap<>();

    @Override
    protected ObjectStore open(String place) {
        return new MemoryObjectStore(Environment.system(),
                places.computeIfAbsent(place, name -> new MemoryObjectStore.Content()));
    }
}
