package dev.marea.kubernetes.routes;

import dev.marea.kubernetes.api.Followed;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.PredictorService;
import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Set;

/**
 * Follows the EndpointSlices of revisions straight into the route book, past the queue of
 * reconciliations: a replica that is ready is routed to within milliseconds.
 */
public final class SliceWatch implements AutoCloseable {
    private final Followed slices;

    private SliceWatch(Followed slices) {
        this.slices = slices;
    }

    /**
     * Returns once all that exist are in the book.
     *
     * @param namespaces whose slices are followed; empty for all
     */
    public static SliceWatch start(
            KubernetesClient client, RouteBook book, Set<String> namespaces) {
        var ofServices =
                Followed.Choice.all(Kind.ENDPOINT_SLICE, namespaces)
                        .labelled(Map.of(Names.SERVICE_LABEL, ""))
                        // Those of ours lead to gateways, not to replicas.
                        .except(PredictorService.OUR_SLICES);
        return new SliceWatch(Followed.start(client, ofServices, new Ear(book)));
    }

    @Override
    public void close() {
        slices.close();
    }

    private record Ear(RouteBook book) implements Followed.Ear {
        @Override
        public void there(Json.Obj slice) {
            Slices.owner(slice)
                    .ifPresent(owner -> book.put(owner, name(slice), Slices.ready(slice)));
        }

        @Override
        public void gone(Json.Obj slice) {
            Slices.owner(slice).ifPresent(owner -> book.remove(owner, name(slice)));
        }

        private static String name(Json.Obj slice) {
            return slice.text("metadata", "name").orElse("");
        }
    }
}
