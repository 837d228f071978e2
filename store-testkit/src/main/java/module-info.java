/** What every object store must do, as tests to inherit, and a store that injects faults. */
module dev.windlass.store.testkit {
    requires transitive dev.windlass.core;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires static transitive org.jspecify;

    exports dev.windlass.store.testkit;

    opens dev.windlass.store.testkit;
}
