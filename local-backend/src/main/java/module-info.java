/** Stores on this machine: {@code file:}, one directory shared by many processes, and {@code mem:}, one process. */
module dev.windlass.local {
    requires transitive dev.windlass.core;
    requires static transitive org.jspecify;

    exports dev.windlass.local;

    provides dev.windlass.store.ObjectStoreProvider with dev.windlass.local.LocalStores;
}
