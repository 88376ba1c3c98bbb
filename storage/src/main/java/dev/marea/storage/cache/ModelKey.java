package dev.marea.storage.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells models of the cache apart.
 *
 * @param uri a hash of what was asked for: the URI, and which of its files
 * @param content a hash of what the store said that is
 */
public record ModelKey(String uri, String content) {
    private static final int DIGITS = 32;

    /** Of texts that hold no control characters. */
    public static ModelKey of(String asked, String content) {
        return new ModelKey(hash(asked).substring(0, DIGITS), hash(content).substring(0, DIGITS));
    }

    String text() {
        return uri + "-" + content;
    }

    public static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("this JVM has no SHA-256", broken);
        }
    }
}
