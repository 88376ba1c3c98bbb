package dev.marea.wire.kserve;

/** A platform's ConfigMap that cannot be followed; the message names key, line and column. */
public final class InvalidPlatformConfig extends Exception {
    private static final long serialVersionUID = 1;

    InvalidPlatformConfig(String message) {
        super(message);
    }
}
