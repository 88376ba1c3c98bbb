package dev.marea.local.store;

import dev.marea.local.objects.Key;
import dev.marea.wire.json.Json;

/** One intended change of one object; it takes place only if {@code expected} is still current. */
public sealed interface Write {
    /** The version that an object has that is not there. */
    long ABSENT = 0;

    Key key();

    long expected();

    record Put(Key key, long expected, Json.Obj object) implements Write {}

    /**
     * @param last what watchers see of it
     */
    record Remove(Key key, long expected, Json.Obj last) implements Write {}
}
