package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Windlass;
import dev.windlass.s3.server.VersityServer;
import org.junit.jupiter.api.Test;

/** What {@link OrderApprovalOnLocalStackIT} tries in a container, tried on a server's process too, which needs no Docker. */
class OrderApprovalOnVersityIT {
    @Test
    void checkout_approved_ships() throws Exception {
        VersityServer server = VersityServer.shared();
        try (var windlass = Windlass.connect(server.storeUri(server.newBucket(), "tests").toString())) {
            assertThat(OrderApprovalTest.outcome(windlass, new OrderApproval.Approval("ann", true)))
                    .startsWith("shipped stock for 17");
        }
    }
}
