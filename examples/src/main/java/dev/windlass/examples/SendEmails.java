package dev.windlass.examples;

import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskType;

/** The first thing to try: a queue, a worker, a result. */
public final class SendEmails {

    /** An e-mail to send. */
    public record Email(String to, String subject) {}

    private static final TaskType<Email, String> SEND = TaskType.of("send-email", Email.class, String.class);

    private SendEmails() {
    }

    /**
     * Submits an e-mail, and works on it.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : "file:./data"; // or s3://bucket/prefix
        try (var windlass = Windlass.connect(store);
                var worker = windlass.worker().queue("emails").concurrency(64)
                        .handle(SEND, (task, email) -> "sent to " + email.to()).start()) {
            TaskHandle<String> handle = windlass.queue("emails").submit(SEND, new Email("ada@example.org", "hello"));
            System.out.println(handle.await(Duration.ofSeconds(30)));
        }
    }
}
