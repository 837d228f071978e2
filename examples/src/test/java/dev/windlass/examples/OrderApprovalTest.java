package dev.windlass.examples;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;

/** A program's own test, as docs/testing.md shows it: a durable function on a store in memory. */
class OrderApprovalTest {
    @Test
    void checkout_approved_ships() throws Exception {
        try (var windlass = Windlass.connect("mem:")) {
            assertThat(outcome(windlass, new OrderApproval.Approval("ann", true))).startsWith("shipped stock for 17");
        }
    }

    @Test
    void checkout_refused_releasesTheStock() throws Exception {
        try (var windlass = Windlass.connect("mem:")) {
            assertThat(outcome(windlass, new OrderApproval.Approval("bob", false)))
                    .isEqualTo("released stock for 17: refused by bob");
        }
    }

    static String outcome(Windlass windlass, OrderApproval.Approval approval) throws InterruptedException {
        var workflows = Workflows.on(windlass.engine()).workflow(OrderApproval.CHECKOUT, OrderApproval::checkout);
        try (var worker = workflows.worker(windlass.worker()).start()) {
            var run = workflows.start(OrderApproval.CHECKOUT, "order-17", new OrderApproval.Order("17", 1999));
            run.signal("approval", approval);
            return requireNonNull(run.await(Duration.ofMinutes(1)));
        }
    }
}
