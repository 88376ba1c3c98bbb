package dev.marea.storage.credentials;

/** All that a fetch may use to be let in. */
public record Access() {
    public static final Access NONE = new Access();
}
