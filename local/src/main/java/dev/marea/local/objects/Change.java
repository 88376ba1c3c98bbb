package dev.marea.local.objects;

import dev.marea.wire.json.Json;

/** One committed change, in order of version. */
public record Change(long version, Type type, Key key, Json.Obj object) {
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }
}
