package dev.windlass.examples;

import java.time.Duration;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.queue.TaskType;
import dev.windlass.schema.SchemaViolationException;
import dev.windlass.schema.Schemas;

/** Inputs and results that are held to JSON Schemas: what does not fit is refused before it is stored. */
public final class CheckedEmails {
    static final TaskType<Email, String> SEND = TaskType.of("send-email", Email.class, String.class);
    private static final String EMAIL = """
            {"type": "object", "required": ["to"],
             "properties": {"to": {"type": "array", "items": {"type": "string", "pattern": "@"}}}}""";
    private static final String RECEIPT = """
            {"type": "string", "maxLength": 100}""";

    record Email(List<String> to) {}

    private CheckedEmails() {
    }

    /**
     * Runs it.
     *
     * @param args the store
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args[0];
        var windlass = Windlass.builder().check(Schemas.check()).connect(store);
        Schemas.on(windlass).publish("send-email", EMAIL, RECEIPT, "ada");
        try (windlass;
                var worker = windlass.worker().queue("emails").handle(SEND, (task, email) -> "sent to " + email.to())
                        .start()) {
            var emails = windlass.queue("emails");
            try {
                emails.submit(SEND, new Email(List.of("ada@example.org", "nobody")));
            } catch (SchemaViolationException e) {
                e.violations().forEach(System.out::println);
            }
            var handle = emails.submit(SEND, new Email(List.of("ada@example.org")));
            System.out.println(handle.await(Duration.ofSeconds(30)) + ", by " + worker.id());
        }
    }
}
