package dev.windlass.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import dev.windlass.Windlass;
import dev.windlass.queue.TaskType;

/**
 * A worker as one deploys it: a process that takes tasks until it is told to stop, and then leaves in good order.
 * {@code examples/deploy} has a container file and a systemd unit for it.
 */
public final class OrdersWorker {

    /** An order to fulfil. */
    public record Order(String id, int items) {}

    /** What both sides share: who submits orders, and this worker. */
    static final TaskType<Order, String> FULFIL = TaskType.of("fulfil-order", Order.class, String.class);

    private static final Duration DRAIN = Duration.ofSeconds(20);

    private OrdersWorker() {
    }

    /**
     * Works until SIGTERM or Ctrl-C.
     *
     * @param args the store; default: the variable {@code WINDLASS_STORE}, else {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : System.getenv().getOrDefault("WINDLASS_STORE", "file:./data");
        var stop = new CountDownLatch(1);
        var left = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            try {
                left.await(); // the process ends when all shutdown hooks have
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var windlass = Windlass.connect(store);
                var worker = windlass.worker().queue("orders").concurrency(32)
                        .handle(FULFIL, (task, order) -> order.items() + " items for " + order.id()).start()) {
            System.out.println("worker " + worker.id() + " works on orders at " + windlass.location());
            stop.await();
            System.out.println(worker.drain(DRAIN) ? "all done" : "gave back what had not ended");
        } finally {
            left.countDown();
        }
    }
}
