package dev.marea.wire.admission;

import dev.marea.core.spec.ServingRuntime;
import java.util.List;
import java.util.Optional;

/** The runtimes that exist already; whoever has the API answers. */
public interface KnownRuntimes {
    /** Knows none, so that nothing is compared. */
    KnownRuntimes NONE = _ -> List.of();

    /**
     * @param namespace that of ServingRuntimes; empty for ClusterServingRuntimes
     */
    List<ServingRuntime> in(Optional<String> namespace);
}
