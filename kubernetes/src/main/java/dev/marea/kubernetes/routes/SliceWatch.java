package dev.marea.kubernetes.routes;

import dev.marea.core.route.RouteTable.Replica;
import dev.marea.kubernetes.api.ApiClient;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Trees;
import dev.marea.kubernetes.api.TrimmedStore;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.PredictorService;
import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;

/**
 * Follows the EndpointSlices of revisions straight into the route book, past the queue of
 * reconciliations: a replica that is ready is routed to within milliseconds.
 */
public final class SliceWatch implements AutoCloseable {
    private final SharedIndexInformer<GenericKubernetesResource> informer;

    private SliceWatch(SharedIndexInformer<GenericKubernetesResource> informer) {
        this.informer = informer;
    }

    public static SliceWatch start(KubernetesClient client, RouteBook book) {
        var kind = Kind.ENDPOINT_SLICE;
        var context =
                new ResourceDefinitionContext.Builder()
                        .withGroup(kind.group())
                        .withVersion(kind.version())
                        .withKind(kind.name())
                        .withPlural(kind.plural())
                        .withNamespaced(true)
                        .build();
        var informer =
                client.genericKubernetesResources(context)
                        .inAnyNamespace()
                        .withLabel(Names.SERVICE_LABEL)
                        // Those of ours lead to gateways, not to replicas.
                        .withoutLabel(PredictorService.SLICES_LABEL, PredictorService.SLICES_OURS)
                        .runnableInformer(0);
        informer.itemStore(new TrimmedStore<>(_ -> {}));
        return new SliceWatch(ApiClient.follow(informer, new Handler(book)));
    }

    @Override
    public void close() {
        informer.stop();
    }

    private record Handler(RouteBook book)
            implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource slice) {
            var tree = Trees.of(slice);
            put(tree, Slices.ready(tree));
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource slice) {
            onAdd(slice);
        }

        @Override
        public void onDelete(GenericKubernetesResource slice, boolean finalStateUnknown) {
            var tree = Trees.of(slice);
            Slices.owner(tree).ifPresent(owner -> book.remove(owner, name(tree)));
        }

        private void put(Json.Obj tree, List<Replica> ready) {
            Slices.owner(tree).ifPresent(owner -> book.put(owner, name(tree), ready));
        }

        private static String name(Json.Obj tree) {
            return tree.text("metadata", "name").orElse("");
        }
    }
}
