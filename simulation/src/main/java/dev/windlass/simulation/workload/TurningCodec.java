package dev.windlass.simulation.workload;

import java.nio.ByteBuffer;

import dev.windlass.queue.PayloadCodec;

/**
 * A codec of histories, which turns each byte by a key, its name, and binds a value to its task as an encryption would.
 *
 * @param name the name, which is the key
 */
public record TurningCodec(String name) implements PayloadCodec {

    @Override
    public byte[] encode(byte[] json, Payload of) {
        return ByteBuffer.allocate(json.length + Integer.BYTES).putInt(of.hashCode()).put(turn(json)).array();
    }

    @Override
    public byte[] decode(byte[] encoded, Payload of) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        if (buffer.getInt() != of.hashCode()) {
            throw new IllegalArgumentException("it is not the value of " + of);
        }
        byte[] rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return turn(rest);
    }

    private byte[] turn(byte[] bytes) {
        byte[] turned = bytes.clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] ^= (byte) name.charAt(name.length() - 1);
        }
        return turned;
    }
}
