package dev.windlass.internal;

import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.PayloadUnreadableException;
import dev.windlass.WindlassException;
import dev.windlass.queue.PayloadCodec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The codecs of a connection: at most one that encodes, and those that can decode (docs/protocol.md, "Payload codecs"). */
public final class Codecs {
    private final @Nullable PayloadCodec writer;
    private final Map<String, PayloadCodec> readers = new HashMap<>();

    /**
     * Those of a connection; gzip can always be read.
     *
     * @param writer encodes what is stored from now on, or null
     * @param readers decode too
     * @throws InvalidInputException if one has a name that cannot be used, or two have one name
     */
    public Codecs(@Nullable PayloadCodec writer, List<PayloadCodec> readers) {
        this.writer = writer;
        add(PayloadCodec.gzip());
        if (writer != null) {
            add(writer);
        }
        readers.forEach(this::add);
    }

    private void add(PayloadCodec codec) {
        String name = codec.name();
        if (!name.matches("[A-Za-z0-9._+-]{1,50}")) {
            throw new InvalidInputException("The codec " + codec.getClass().getName() + " is called \"" + name
                    + "\". Use 1 to 50 letters, digits, -, _, . and +.");
        }
        PayloadCodec before = readers.put(name, codec);
        if (before != null && !before.equals(codec)) {
            throw new InvalidInputException("Two codecs are called \"" + name
                    + "\". Give each a name of its own; one codec may know several keys.");
        }
    }

    /**
     * An encoded value.
     *
     * @param codec by which
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Encoded(String codec, byte[] bytes) {

        /** As it stands in the task, or null if it is too large for that. */
        @Nullable
        JsonNode inline() {
            return (bytes.length + 2L) / 3 * 4 > Payloads.INLINE
                    ? null
                    : Json.MAPPER.getNodeFactory().stringNode(Base64.getEncoder().encodeToString(bytes));
        }
    }

    /**
     * Encodes a value.
     *
     * @return null if it is to be stored plainly
     * @throws WindlassException if it cannot be encoded
     */
    @Nullable
    Encoded encode(PayloadCodec.Payload of, byte[] json) {
        if (writer == null) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = writer.encode(json, of);
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new WindlassException("The " + of.part() + " of task " + of.taskId() + " of type \"" + of.type()
                    + "\" could not be encoded by the codec \"" + writer.name() + "\": " + e, e);
        }
        if (bytes != null) {
            Payloads.check("The encoded " + of.part() + " of task " + of.taskId(), bytes);
        }
        return bytes == null ? null : new Encoded(writer.name(), bytes);
    }

    /** Whether the task's input can be read here, as far as its codec goes. */
    boolean canRead(TaskDocument task) {
        String codec = task.inputCodec();
        return codec == null || readers.containsKey(codec);
    }

    /**
     * Decodes a value.
     *
     * @throws PayloadUnreadableException if that codec is not here, or cannot, or what it gives is no JSON
     */
    JsonNode decode(PayloadCodec.Payload of, String codec, byte[] encoded) {
        PayloadCodec reader = readers.get(codec);
        if (reader == null) {
            throw new PayloadUnreadableException(of.taskId(), "The " + of.part() + " of task " + of.taskId()
                    + " is encoded by the codec \"" + codec + "\", which this connection does not have. Give it that"
                    + " one by Windlass.builder().readableBy(…). Nothing was changed.", null);
        }
        try {
            return Json.MAPPER.readTree(reader.decode(encoded, of));
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new PayloadUnreadableException(of.taskId(), "The " + of.part() + " of task " + of.taskId()
                    + " could not be decoded by the codec \"" + codec + "\": " + e
                    + ". Check its keys; the stored value is as it was.", e);
        }
    }
}
