package dev.marea.kubernetes.expose;

import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Optional;

/** Makes objects so, and writes nothing where they are so already. */
public interface Writes {
    /**
     * Applies a tree unless it stands already; returns what stands now.
     *
     * @param live what stands; without it the name may be somebody else's, and is then refused
     */
    Json.Obj claim(Kind kind, String namespace, Optional<Json.Obj> live, Json.Obj wanted)
            throws IOException;

    void delete(Kind kind, String namespace, String name) throws IOException;
}
