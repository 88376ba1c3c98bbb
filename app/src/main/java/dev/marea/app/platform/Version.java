package dev.marea.app.platform;

/**
 * The product's version; it names our own images, so that one machine and a cluster speak of the
 * same ones.
 */
public final class Version {
    public static final String CURRENT = "0.1.0-SNAPSHOT";

    private Version() {}
}
