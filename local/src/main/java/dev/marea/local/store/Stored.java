package dev.marea.local.store;

import dev.marea.wire.json.Json;

/** An object and the version that last wrote it (also found in its metadata). */
public record Stored(long version, Json.Obj object) {}
