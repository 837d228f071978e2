package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Windlass;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/** A program's own test, as docs/testing.md shows it: the same on S3 by LocalStack in a container. */
class OrderApprovalOnLocalStackIT {
    private static LocalStackContainer localStack = new LocalStackContainer("localstack/localstack:4.14.0")
            .withServices("s3");

    @BeforeAll
    static void start() throws Exception {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            String reason = "the example on LocalStack is not tested: there is no Docker here";
            System.err.println("skipped: " + reason);
            Assumptions.abort(reason);
        }
        localStack.start();
        localStack.execInContainer("awslocal", "s3api", "create-bucket", "--bucket", "orders");
        System.setProperty("aws.accessKeyId", localStack.getAccessKey());
        System.setProperty("aws.secretAccessKey", localStack.getSecretKey());
    }

    @AfterAll
    static void stop() {
        localStack.stop();
    }

    @Test
    void checkout_approved_ships() throws Exception {
        String store = "s3://orders/tests?region=" + localStack.getRegion() + "&endpoint=" + localStack.getEndpoint();
        try (var windlass = Windlass.connect(store)) {
            assertThat(OrderApprovalTest.outcome(windlass, new OrderApproval.Approval("ann", true)))
                    .startsWith("shipped stock for 17");
        }
    }
}
