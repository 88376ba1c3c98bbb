package dev.marea.local.patch;

import java.time.Instant;

/**
 * Who makes a change, for managedFields: the field manager's name, the subresource it came through
 * (empty for the object itself) and when.
 */
public record Author(String manager, String subresource, Instant time) {
    private static final int NAME_LENGTH_MAX = 128;

    public Author {
        if (manager.isEmpty() || manager.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException("a field manager has 1 to 128 characters");
        }
    }
}
