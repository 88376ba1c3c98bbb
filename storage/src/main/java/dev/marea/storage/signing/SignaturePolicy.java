package dev.marea.storage.signing;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a signature of a model is good for. */
public enum SignaturePolicy {
    /** Nobody looks. */
    OFF,
    /** What is wrong is told, and the model is served. */
    WARN,
    /** A model without a good signature is not served. */
    REQUIRE;

    public static Optional<SignaturePolicy> of(String word) {
        return Arrays.stream(values()).filter(p -> p.word().equals(word)).findFirst();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A tenant may ask for more than the administrator, never for less. */
    public SignaturePolicy atLeast(SignaturePolicy other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
