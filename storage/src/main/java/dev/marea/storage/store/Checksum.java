package dev.marea.storage.store;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a store says its bytes sum to; hexadecimal in small letters. */
public record Checksum(Algorithm algorithm, String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

    /** What we can check. */
    public enum Algorithm {
        SHA256(64),
        MD5(32),
        CRC32C(8);

        private final int digits;

        Algorithm(int digits) {
            this.digits = digits;
        }
    }

    public Checksum {
        hex = hex.toLowerCase(Locale.ROOT);
        if (hex.length() != algorithm.digits || !HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    algorithm + " has " + algorithm.digits + " hexadecimal digits, was " + hex);
        }
    }

    @Override
    public String toString() {
        return algorithm.name().toLowerCase(Locale.ROOT) + ":" + hex;
    }
}
