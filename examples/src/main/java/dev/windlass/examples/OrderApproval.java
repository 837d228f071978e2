package dev.windlass.examples;

import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.workflow.SignalTimeoutException;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;

/** An order that a person approves: the run waits for a signal, for days if it must, and costs nothing meanwhile. */
public final class OrderApproval {

    /** An order. */
    public record Order(String id, int cents) {}

    /** What the person says. */
    public record Approval(String by, boolean granted) {}

    static final WorkflowType<Order, String> CHECKOUT = WorkflowType.of("checkout", Order.class, String.class);

    private OrderApproval() {
    }

    static String checkout(WorkflowContext ctx, Order order) {
        String reserved = ctx.step("reserve", String.class, step -> "stock for " + order.id());
        Approval approval;
        try {
            approval = ctx.awaitSignal("approval", Approval.class, Duration.ofDays(7));
        } catch (SignalTimeoutException e) {
            return ctx.step("release", String.class, step -> "released " + reserved + ": nobody has answered");
        }
        if (!approval.granted()) {
            return ctx.step("release", String.class, step -> "released " + reserved + ": refused by " + approval.by());
        }
        // The key is the same for every try: the payment service takes the money once.
        String paid = ctx.step("charge", String.class, StepOptions.retry(RetryPolicy.exponential(5)),
                step -> order.cents() + " cents by key " + step.idempotencyKey());
        return ctx.step("ship", String.class, step -> "shipped " + reserved + ", paid " + paid);
    }

    /**
     * Runs one order to its end.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : "file:./data";
        try (var windlass = Windlass.connect(store)) {
            var workflows = Workflows.on(windlass.engine()).workflow(CHECKOUT, OrderApproval::checkout);
            try (var worker = workflows.worker(windlass.worker()).start()) {
                var run = workflows.start(CHECKOUT, "order-17", new Order("17", 1999));
                // In another process, when ann has clicked: workflows.handle("order-17").signal(…), or
                // windlass workflow signal order-17 approval --value '{"by":"ann","granted":true}'
                run.signal("approval", new Approval("ann", true), "approval-of-order-17");
                System.out.println(run.await(Duration.ofMinutes(1)));
                System.out.println("by worker " + worker.id());
            }
        }
    }
}
