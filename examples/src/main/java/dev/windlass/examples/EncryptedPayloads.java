package dev.windlass.examples;

import java.time.Duration;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import dev.windlass.Windlass;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskType;

/** Inputs and results that are encrypted in the store, and a key that is changed while tasks wait. */
public final class EncryptedPayloads {
    static final TaskType<String, String> GREET = TaskType.of("greet", String.class, String.class);

    private EncryptedPayloads() {
    }

    /** Keys come from a secret store in real life. */
    private static SecretKey key(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return new SecretKeySpec(bytes, "AES");
    }

    /**
     * Runs it.
     *
     * @param args the store
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args[0];
        SecretKey old = key(1);
        SecretKey fresh = key(2);
        String id;
        try (var windlass = Windlass.builder().codec(new AesGcmCodec("2026", old)).connect(store)) {
            id = windlass.queue("greetings").submit(GREET, "Ada").id();
        }
        // The new key is known everywhere by now: from here on it encrypts, and the old one still reads.
        var builder = Windlass.builder().codec(new AesGcmCodec("2027", fresh)).readableBy(new AesGcmCodec("2026", old));
        try (var windlass = builder.connect(store);
                var worker = windlass.worker().queue("greetings").handle(GREET, (task, name) -> "hello " + name)
                        .start()) {
            TaskHandle<String> handle = windlass.queue("greetings").handle(GREET, id);
            System.out.println(handle.await(Duration.ofSeconds(30)) + ", by " + worker.id());
        }
    }
}
