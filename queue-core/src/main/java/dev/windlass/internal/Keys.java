package dev.windlass.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** Every key format of the store, and the ids that go into them. */
public final class Keys {
    /** Where the store's format is written down. */
    public static final String STORE = "meta/store.json";
    /** All tasks. */
    public static final String TASKS = "tasks/";
    /** All ready and wake keys. */
    public static final String READY = "ready/";
    /** All leases. */
    public static final String LEASES = "leases/";
    /** Where the entries of failed and unreadable tasks are. */
    public static final String DEAD = "dead/";
    /** All workers. */
    public static final String WORKERS = "workers/";

    private static final String PAUSE_MARKER = "0000000000000.pause.";
    private static final String MANUAL = "manual-";
    private static final int LONGEST_NAME = 200;
    private static final String UNRESERVED = "-_~";
    private static final char[] BASE32 = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

    private Keys() {
    }

    /**
     * A name as one segment of a key: letters, digits, {@code -_~} stand for themselves, a dot too unless the name
     * consists of dots, all else is percent-encoded.
     */
    public static String segment(String what, String name) {
        if (name.isEmpty()) {
            throw new InvalidInputException("The " + what + " is empty. Give it a name.");
        }
        var out = new StringBuilder(name.length() + 16);
        boolean onlyDots = name.chars().allMatch(c -> c == '.');
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(name)) {
            throw new InvalidInputException(
                    "The " + what + " has half a surrogate pair, which is not text. Name it otherwise.");
        }
        for (byte b : bytes) {
            char c = (char) (b & 0xff);
            if (isAlphanumeric(c) || UNRESERVED.indexOf(c) >= 0 || (c == '.' && !onlyDots)) {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        if (out.length() > LONGEST_NAME) {
            String shown = name.length() <= 40 ? name : name.substring(0, 40) + "…";
            throw new InvalidInputException("The " + what + " \"" + shown + "\" has " + out.length()
                    + " bytes once percent-encoded; at most " + LONGEST_NAME + " are allowed. Shorten it.");
        }
        return out.toString();
    }

    /** The name that a segment stands for. */
    public static String name(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        var out = new java.io.ByteArrayOutputStream(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%' && i + 2 < segment.length()) {
                out.write(HexFormat.fromHexDigits(segment, i + 1, i + 3));
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** The mark that a store, as reached at that place, was found fit for tasks. */
    public static String checked(String location) {
        return "meta/checked-" + sha256Hex(location).substring(0, 16) + ".json";
    }

    /** The object of a task; the shard leads, so that a store splits its load there. */
    public static String task(String taskId, int shardWidth) {
        byte[] hash = sha256(taskId.getBytes(StandardCharsets.UTF_8));
        String shard = HexFormat.of().formatHex(hash, 0, (shardWidth + 1) / 2).substring(0, shardWidth);
        return TASKS + shard + '/' + taskId + ".json";
    }

    /** The id of a task from the key of its object, or null if it is none. */
    public static @Nullable String taskIdOf(String taskKey) {
        int slash = taskKey.lastIndexOf('/');
        return taskKey.startsWith(TASKS) && taskKey.endsWith(".json")
                ? taskKey.substring(slash + 1, taskKey.length() - ".json".length())
                : null;
    }

    /** The prefix of a queue's ready keys. */
    public static String readyQueue(String queue) {
        return READY + segment("name of the queue", queue) + '/';
    }

    /** The prefix of a queue's ready keys of one priority level. */
    public static String readyLevel(String queue, int priority) {
        return readyQueue(queue) + priority + '/';
    }

    /** A ready key: unique to one attempt at one transition, since it carries that write's id. */
    public static String ready(String queue, int priority, Instant due, String taskId, long gen, String writeId) {
        return readyLevel(queue, priority) + millis13(due) + '-' + taskId + '.' + gen + '.' + writeId;
    }

    /** What says which tasks of a queue are paused. */
    public static String pauses(String queue) {
        return "meta/pauses/" + segment("name of the queue", queue) + ".json";
    }

    /** A marker that tells of a pause: it sorts before all ready keys of its level, and is of no form that they have. */
    public static String pauseMarker(String queue, int priority, String writeId) {
        return readyLevel(queue, priority) + PAUSE_MARKER + writeId;
    }

    /** Whether a key below {@link #READY} is a marker that tells of a pause. */
    public static boolean isPauseMarker(String key) {
        return key.startsWith(PAUSE_MARKER, key.lastIndexOf('/') + 1);
    }

    /** A wake key. */
    public static String wake(String queue, int priority, Instant time, String taskId, String wakeId) {
        return readyLevel(queue, priority) + millis13(time) + '-' + taskId + ".w" + wakeId;
    }

    /** A lease. */
    public static String lease(String leaseId) {
        return LEASES + leaseId + ".json";
    }

    /** The id of the lease of a manual claim: told from workers' by its beginning, since nobody renews it. */
    public static String manualLeaseId(String writeId) {
        return MANUAL + writeId;
    }

    /** Whether a lease is that of a manual claim, by its id. */
    public static boolean isManualLease(String leaseId) {
        return leaseId.startsWith(MANUAL);
    }

    /** Whether a key is that of the lease of a manual claim. */
    public static boolean isManualLeaseKey(String leaseKey) {
        return leaseKey.startsWith(LEASES + MANUAL);
    }

    /** Whether a text has the form of a write id. */
    public static boolean isWriteId(String text) {
        return text.length() == 16 && text.chars().allMatch(c -> Arrays.binarySearch(BASE32, (char) c) >= 0);
    }

    /** The tasks of a debounce key. */
    public static String debounce(String queue, String key) {
        return "debounce/" + segment("name of the queue", queue) + '/' + segment("debounce key", key) + ".json";
    }

    /** What an attempt says of its work. */
    public static String progress(String taskId, int attempt) {
        return "progress/" + taskId + '/' + attempt + ".json";
    }

    /** Lines that an attempt has printed. */
    public static String outputPart(String taskId, int attempt, int part) {
        return "progress/" + taskId + '/' + attempt + '.' + part + ".log";
    }

    /** A worker. */
    public static String worker(String workerId) {
        return WORKERS + segment("id of the worker", workerId) + ".json";
    }

    /** The entry of an unreadable task: the same from everyone who meets it by the same ready key. */
    public static String poison(String queue, Instant due, String taskId) {
        return DEAD + segment("name of the queue", queue) + '/' + millis13(due) + '-' + taskId;
    }

    /** The entry of one try at failing a task: its name is no other try's. */
    public static String dead(String queue, Instant time, String taskId, String writeId) {
        return poison(queue, time, taskId) + '.' + writeId;
    }

    /** The queue of a key below {@link #READY} or {@link #DEAD}. */
    public static String queueOf(String indexKey) {
        int begin = indexKey.indexOf('/') + 1;
        int end = indexKey.indexOf('/', begin);
        return name(indexKey.substring(begin, end < 0 ? indexKey.length() : end));
    }

    /** The task that a key below {@link #READY} or {@link #DEAD} names; the end of the key if it is of neither form. */
    public static String taskOf(String indexKey) {
        String name = indexKey.substring(indexKey.lastIndexOf('/') + 1);
        int begin = name.indexOf('-') + 1;
        int end = name.indexOf('.', begin);
        return name.substring(begin, end < 0 ? name.length() : end);
    }

    /** A large value beside a task; the hash keeps a late writer from replacing another's. */
    public static String payload(String taskId, String name, byte[] content) {
        return "payloads/" + taskId + '/' + segment("name of the payload", name) + '.'
                + HexFormat.of().formatHex(sha256(content)).substring(0, 32);
    }

    /** Milliseconds in 13 digits, which sort as they count until the year 2286. */
    public static String millis13(Instant time) {
        long millis = Math.clamp(time.toEpochMilli(), 0, 9_999_999_999_999L);
        String digits = Long.toString(millis);
        return "0".repeat(13 - digits.length()) + digits;
    }

    /** A fresh id of a write: 80 random bits. */
    public static String newWriteId(RandomGenerator random) {
        var out = new StringBuilder(16);
        long bits = random.nextLong();
        for (int i = 0; i < 12; i++) {
            out.append(BASE32[(int) (bits >>> (5 * i)) & 31]);
        }
        int more = random.nextInt();
        for (int i = 0; i < 4; i++) {
            out.append(BASE32[(more >>> (5 * i)) & 31]);
        }
        return out.toString();
    }

    /** A fresh id of a task: a UUID of version 7 (RFC 9562), which sorts by time. */
    public static String newTaskId(Instant now, RandomGenerator random) {
        long high = (now.toEpochMilli() << 16) | 0x7000 | random.nextInt(0x1000);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new java.util.UUID(high, low).toString();
    }

    /** An id made from a name: the same for the same name, for ever. */
    public static String derivedTaskId(String scope, String name) {
        byte[] scopeBytes = scope.getBytes(StandardCharsets.UTF_8);
        var digest = newSha256();
        digest.update(Integer.toString(scopeBytes.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(scopeBytes);
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        return "k" + HexFormat.of().formatHex(digest.digest()).substring(0, 39);
    }

    /** SHA-256 of a text, in hexadecimal. */
    public static String sha256Hex(String text) {
        return sha256Hex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-256 of some bytes, in hexadecimal. */
    public static String sha256Hex(byte[] content) {
        return HexFormat.of().formatHex(sha256(content));
    }

    /** SHA-256 of some bytes. */
    public static byte[] sha256(byte[] content) {
        return newSha256().digest(content);
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
