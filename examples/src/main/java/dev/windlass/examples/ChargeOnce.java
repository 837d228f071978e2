package dev.windlass.examples;

import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskType;

/** A payment: submitted twice by mistake, charged once; retried when the bank is busy, given up when the card is bad. */
public final class ChargeOnce {

    /** What to charge. */
    public record Order(String id, String card, long cents) {}

    private static final TaskType<Order, String> CHARGE = TaskType.of("charge", Order.class, String.class);

    private ChargeOnce() {
    }

    /**
     * Submits the same order twice.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : "file:./data";
        try (var windlass = Windlass.connect(store);
                var worker = windlass.worker().queue("payments").handle(CHARGE, (task, order) -> {
                    if (order.card().isEmpty()) {
                        throw new PermanentFailure("order " + order.id() + " has no card"); // no retry
                    }
                    // A worker may die right here, after the bank has been called: give the bank the same key each time.
                    return "charged " + order.cents() + " by " + task.idempotencyKey();
                }).start()) {
            var order = new Order("4711", "4242", 1999);
            SubmitOptions once = SubmitOptions.ofDefaults().withIdempotencyKey("order-" + order.id())
                    .withRetry(RetryPolicy.exponential(8)).withTimeout(Duration.ofSeconds(20));
            TaskHandle<String> first = windlass.queue("payments").submit(CHARGE, order, once);
            TaskHandle<String> again = windlass.queue("payments").submit(CHARGE, order, once);
            System.out.println(first.id().equals(again.id()) + ": " + again.await(Duration.ofSeconds(30)));
        }
    }
}
