package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Windlass;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/** A program's own test, as docs/testing.md shows it: the same on S3 by LocalStack in a container. */
class OrderApprovalOnLocalStackIT {
    private static @Nullable LocalStackContainer running;
    private static String store = "";

    @BeforeAll
    static void start() throws Exception {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            String reason = "the example on LocalStack is not tested: there is no Docker here";
            System.err.println("skipped: " + reason);
            Assumptions.abort(reason);
        }
        LocalStackContainer localStack = new LocalStackContainer("localstack/localstack:4.14.0").withServices("s3");
        running = localStack;
        localStack.start();
        localStack.execInContainer("awslocal", "s3api", "create-bucket", "--bucket", "orders");
        System.setProperty("aws.accessKeyId", localStack.getAccessKey());
        System.setProperty("aws.secretAccessKey", localStack.getSecretKey());
        store = "s3://orders/tests?region=" + localStack.getRegion() + "&endpoint=" + localStack.getEndpoint();
    }

    @AfterAll
    static void stop() {
        if (running != null) {
            running.stop();
        }
    }

    @Test
    void checkout_approved_ships() throws Exception {
        try (var windlass = Windlass.connect(store)) {
            assertThat(OrderApprovalTest.outcome(windlass, new OrderApproval.Approval("ann", true)))
                    .startsWith("shipped stock for 17");
        }
    }
}
