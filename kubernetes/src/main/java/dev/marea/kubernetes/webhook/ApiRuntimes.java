package dev.marea.kubernetes.webhook;

import dev.marea.core.spec.ServingRuntime;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.admission.KnownRuntimes;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.ServingRuntimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The runtimes that the API knows at this moment; a runtime is written too rarely to watch them.
 */
record ApiRuntimes(Api api) implements KnownRuntimes {
    @Override
    public List<ServingRuntime> in(Optional<String> namespace) {
        var kind = namespace.isPresent() ? Kind.SERVING_RUNTIME : Kind.CLUSTER_SERVING_RUNTIME;
        try {
            return api.list(kind, namespace.orElse("")).list("items").stream()
                    .flatMap(ApiRuntimes::read)
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** One that was stored before the rules became stricter rivals nobody. */
    private static Stream<ServingRuntime> read(Json item) {
        try {
            return item instanceof Json.Obj tree
                    ? Stream.of(ServingRuntimes.read(tree).runtime())
                    : Stream.empty();
        } catch (InvalidManifest _) {
            return Stream.empty();
        }
    }
}
