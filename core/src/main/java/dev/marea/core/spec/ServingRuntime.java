package dev.marea.core.spec;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A ServingRuntime (with a namespace) or a ClusterServingRuntime (without): what can run which
 * format.
 */
public record ServingRuntime(
        String name,
        Optional<String> namespace,
        boolean disabled,
        boolean multiModel,
        boolean multiNode,
        List<Format> formats,
        Set<Protocol> protocols,
        Instant created) {
    public ServingRuntime {
        formats = List.copyOf(formats);
        protocols = Set.copyOf(protocols);
    }

    /** One supported format; an absent priority sorts last. */
    public record Format(ModelFormat format, boolean autoSelect, OptionalInt priority) {}
}
