package dev.windlass.queue;

import org.jspecify.annotations.Nullable;

/**
 * Changes how inputs and results are stored: compressed, or encrypted. Given to
 * {@link dev.windlass.Windlass.Builder#codec}. Its name is stored with each value, so values of several codecs, and such as
 * are stored plainly, live side by side: a codec may come into use, change its keys, or go out of use at any time, as long
 * as every reader has those that are still needed ({@link dev.windlass.Windlass.Builder#readableBy}). An encryption gives each
 * key a codec and a name of its own: then a worker without the key leaves the task to those who have it.
 *
 * <p>What it sees is the value as JSON in UTF-8. Other fields of a task, such as its tags, error, progress, and the SHA-256 of
 * its input, by which duplicates are known, are stored as they are. Values of workflows are not encoded.
 *
 * <p>Called by any number of threads at once. A worker leaves a task whose codec it does not have to others, as it does with a type
 * that it has no handler for; a value that cannot be decoded fails the attempt, and nothing is lost by that: the value stays
 * as it is, and the task may be redriven.
 */
public interface PayloadCodec {

    /** What it is called in stored tasks: 1 to 50 letters, digits, {@code -}, {@code _}, {@code .} and {@code +}. Never changes. */
    String name();

    /**
     * Encodes a value.
     *
     * @param json the value
     * @param of whose it is
     * @return what is stored; null to store the value plainly, since encoding it is of no use
     * @throws Exception if it cannot; the submission is refused then, or the attempt fails, and is tried again
     */
    byte @Nullable [] encode(byte[] json, Payload of) throws Exception;

    /**
     * Decodes a value.
     *
     * @param encoded what {@link #encode} gave
     * @param of whose it is, as it was then
     * @return the value as JSON
     * @throws Exception if it cannot, such as by a wrong key
     */
    byte[] decode(byte[] encoded, Payload of) throws Exception;

    /**
     * Which value it is. Encryption should bind a value to it, so that nobody can put that of another task in its place.
     *
     * @param taskId the task
     * @param queue its queue
     * @param type the name of its type
     * @param part {@code "input"} or {@code "output"}
     */
    record Payload(String taskId, String queue, String type, String part) {}

    /**
     * Compresses by gzip (RFC 1952) what has 1 KiB or more, where that makes it smaller. Named {@code gzip}. Every connection
     * can read it.
     */
    static PayloadCodec gzip() {
        return GzipCodec.INSTANCE;
    }
}
