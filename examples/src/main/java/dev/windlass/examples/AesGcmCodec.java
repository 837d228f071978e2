package dev.windlass.examples;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

import dev.windlass.queue.PayloadCodec;

/**
 * Encrypts inputs and results by AES-GCM under one key, whose name each value bears. To change keys: give the new key to all
 * processes as one that reads ({@code readableBy}), then make it the one that writes ({@code codec}) and let the old one
 * read; the old key may go when no task is left that names it. Whoever lacks a key leaves the tasks under it alone.
 *
 * <p>A value is bound to its task, queue, type and part, so nobody can put another's in its place. With random nonces a key is
 * good for about four billion values.
 *
 * <p>Layout: 12 bytes of nonce; what AES-GCM gives, with its tag of 16 bytes.
 */
public final class AesGcmCodec implements PayloadCodec {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final String name;
    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    /**
     * Under a key.
     *
     * @param keyName what it is called in stored tasks: at most 42 letters, digits, {@code -}, {@code _} and {@code .}
     * @param key of 128, 192 or 256 bits
     */
    public AesGcmCodec(String keyName, SecretKey key) {
        this.name = "aes-gcm." + keyName;
        this.key = key;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte[] encode(byte[] json, Payload of) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, of).doFinal(json);
        byte[] encoded = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, encoded, NONCE, sealed.length);
        return encoded;
    }

    @Override
    public byte[] decode(byte[] encoded, Payload of) throws GeneralSecurityException {
        if (encoded.length < NONCE + TAG_BITS / 8) {
            throw new GeneralSecurityException("it is cut off: " + encoded.length + " bytes");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(encoded, NONCE), of)
                    .doFinal(encoded, NONCE, encoded.length - NONCE);
        } catch (AEADBadTagException e) {
            throw new GeneralSecurityException("the key called \"" + name
                    + "\" here is another one, or the value was changed or moved", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, Payload of) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        // A length before each, so that no two different sets of names are the same bytes.
        for (String each : new String[]{of.taskId(), of.queue(), of.type(), of.part()}) {
            byte[] bytes = each.getBytes(StandardCharsets.UTF_8);
            cipher.updateAAD(new byte[]{(byte) (bytes.length >> 8), (byte) bytes.length});
            cipher.updateAAD(bytes);
        }
        return cipher;
    }
}
