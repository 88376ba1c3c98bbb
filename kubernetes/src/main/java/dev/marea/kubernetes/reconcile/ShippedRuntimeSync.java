package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.Rendered;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the runtimes that come with Marea into the API, and brings them to this version.
 *
 * <p>A user's edit wins: a field that somebody else has set to another value makes the API refuse
 * our apply, and then the whole runtime is left as that user has it. A shipped runtime that was
 * deleted comes back; {@code disabled: true} switches one off for good.
 */
final class ShippedRuntimeSync {
    private static final Logger LOG = LoggerFactory.getLogger(ShippedRuntimeSync.class);

    private final Api api;
    private final String version;

    ShippedRuntimeSync(Api api, String version) {
        this.api = api;
        this.version = version;
    }

    void ship(List<Json.Obj> runtimes) throws IOException {
        var there = stamps();
        for (var runtime : runtimes) {
            var stamped = stamped(runtime);
            var name = stamped.text("metadata", "name").orElseThrow();
            var stamp = stamped.text("metadata", "annotations", Names.APPLIED).orElseThrow();
            if (!stamp.equals(there.get(name))) {
                apply(name, stamped);
            }
        }
    }

    private void apply(String name, Json.Obj runtime) throws IOException {
        try {
            api.apply(Kind.CLUSTER_SERVING_RUNTIME, "", runtime, false);
        } catch (ApiRefusal refused) {
            if (!refused.conflict()) {
                throw refused;
            }
            LOG.warn(
                    "ClusterServingRuntime {} was edited and stays as it is; delete it to get the one of Marea {} ({})",
                    name,
                    version,
                    refused.getMessage());
        }
    }

    private Map<String, String> stamps() throws IOException {
        return api.list(Kind.CLUSTER_SERVING_RUNTIME, "").list("items").stream()
                .filter(r -> r.text("metadata", "annotations", Names.APPLIED).isPresent())
                .collect(
                        Collectors.toMap(
                                r -> r.text("metadata", "name").orElse(""),
                                r -> r.text("metadata", "annotations", Names.APPLIED).orElse("")));
    }

    private Json.Obj stamped(Json.Obj runtime) {
        return runtime.withAt(
                        List.of("metadata", "annotations", Names.APPLIED),
                        Json.of(Rendered.digest(runtime)))
                .withAt(List.of("metadata", "annotations", Names.VERSION), Json.of(version));
    }
}
