/**
 * Durable task queues on an object store: the public API, the storage protocol, and the interfaces that
 * backends and engines implement.
 */
module dev.windlass.core {
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires transitive tools.jackson.core;
    requires transitive tools.jackson.databind;

    exports dev.windlass;
    exports dev.windlass.doctor;
    exports dev.windlass.environment;
    exports dev.windlass.observer;
    exports dev.windlass.queue;
    exports dev.windlass.queue.spi;
    exports dev.windlass.store;

    uses dev.windlass.store.ObjectStoreProvider;
}
