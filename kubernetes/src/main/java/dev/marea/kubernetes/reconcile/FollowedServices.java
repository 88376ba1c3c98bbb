package dev.marea.kubernetes.reconcile;

import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.api.Followed;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.expose.Exposures;
import dev.marea.kubernetes.expose.Services;
import dev.marea.kubernetes.routes.RouteBook;
import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps the route book of an operator that does not lead, so that gateways may follow any operator
 * and a new leader begins with a whole table.
 */
final class FollowedServices implements Services, Followed.Ear, AutoCloseable {
    private final RouteBook book;
    private final RouteEntries entries;
    private final Followed services;
    private volatile boolean allKnown;

    private FollowedServices(
            KubernetesClient client, RouteBook book, Exposures exposures, Set<String> namespaces) {
        this.book = book;
        this.entries = new RouteEntries(exposures);
        this.services =
                Followed.start(
                        client, Followed.Choice.all(Kind.INFERENCE_SERVICE, namespaces), this);
    }

    /**
     * Returns once all that exists is in the book.
     *
     * @param namespaces whose services are followed; empty for all
     */
    static FollowedServices start(
            KubernetesClient client, RouteBook book, Exposures exposures, Set<String> namespaces) {
        var followed = new FollowedServices(client, book, exposures, namespaces);
        // Only now, so that every service's claims to hosts are known before the first is entered.
        exposures.follow(followed);
        followed.allKnown = true;
        followed.all().forEach(followed::enter);
        return followed;
    }

    @Override
    public Stream<Json.Obj> all() {
        return services.all().stream();
    }

    @Override
    public void wake(ServiceId service) {
        services.get(service.namespace(), service.name()).ifPresent(this::enter);
    }

    private void enter(Json.Obj tree) {
        entries.followed(tree).ifPresent(found -> book.put(Services.id(tree), found));
    }

    @Override
    public void there(Json.Obj service) {
        if (allKnown) {
            enter(service);
        }
    }

    @Override
    public void gone(Json.Obj service) {
        book.remove(Services.id(service));
    }

    @Override
    public void close() {
        services.close();
    }
}
