package dev.marea.storage.store;

import java.util.Locale;

/** Names a model in a store; kept as a person wrote it. */
public record StoreUri(String text) {
    private static final int CHARS_MAX = 2_048;

    public StoreUri {
        if (text.length() > CHARS_MAX || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a storage URI has at most " + CHARS_MAX + " characters, none a control one");
        }
    }

    /** In small letters; "file" for a plain path. */
    public String scheme() {
        int colon = text.indexOf(':');
        return colon < 0 || text.startsWith("/")
                ? "file"
                : text.substring(0, colon).toLowerCase(Locale.ROOT);
    }

    /** What stands after the scheme. */
    public String rest() {
        int start = text.indexOf("://");
        return start < 0 ? text : text.substring(start + 3);
    }

    @Override
    public String toString() {
        return text;
    }
}
