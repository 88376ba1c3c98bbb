package dev.marea.kubernetes.reconcile;

import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.InferenceServiceResource;
import dev.marea.kubernetes.api.Trees;
import dev.marea.kubernetes.expose.Exposures;
import dev.marea.kubernetes.expose.Services;
import dev.marea.kubernetes.routes.RouteBook;
import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Keeps the route book of an operator that does not lead, so that gateways may follow any operator
 * and a new leader begins with a whole table.
 */
final class FollowedServices implements Services, AutoCloseable {
    private final RouteBook book;
    private final RouteEntries entries;
    private final List<SharedIndexInformer<InferenceServiceResource>> informers =
            new CopyOnWriteArrayList<>();

    private FollowedServices(RouteBook book, RouteEntries entries) {
        this.book = book;
        this.entries = entries;
    }

    /**
     * Returns once all that exists is in the book.
     *
     * @param namespaces whose services are followed; empty for all
     */
    static FollowedServices start(
            KubernetesClient client, RouteBook book, Exposures exposures, Set<String> namespaces)
            throws IOException {
        var followed = new FollowedServices(book, new RouteEntries(exposures));
        var services = client.resources(InferenceServiceResource.class);
        if (namespaces.isEmpty()) {
            followed.open(services.inAnyNamespace().runnableInformer(0));
        }
        for (var namespace : namespaces) {
            followed.open(services.inNamespace(namespace).runnableInformer(0));
        }
        // Only now, so that every service's claims to hosts are known before the first is entered.
        exposures.follow(followed);
        followed.informers.forEach(informer -> informer.addEventHandler(followed.new Ear()));
        followed.all().forEach(followed::enter);
        return followed;
    }

    private void open(SharedIndexInformer<InferenceServiceResource> informer) throws IOException {
        informers.add(informer);
        informer.exceptionHandler((started, _) -> started);
        Api.await(informer.start().toCompletableFuture());
    }

    @Override
    public Stream<Json.Obj> all() {
        return informers.stream().flatMap(i -> i.getStore().list().stream()).map(Trees::of);
    }

    @Override
    public void wake(ServiceId service) {
        all().filter(tree -> Services.id(tree).equals(service)).forEach(this::enter);
    }

    private void enter(Json.Obj tree) {
        entries.followed(tree).ifPresent(found -> book.put(Services.id(tree), found));
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }

    private final class Ear implements ResourceEventHandler<InferenceServiceResource> {
        @Override
        public void onAdd(InferenceServiceResource service) {
            enter(Trees.of(service));
        }

        @Override
        public void onUpdate(InferenceServiceResource before, InferenceServiceResource service) {
            enter(Trees.of(service));
        }

        @Override
        public void onDelete(InferenceServiceResource service, boolean finalStateUnknown) {
            book.remove(Services.id(Trees.of(service)));
        }
    }
}
