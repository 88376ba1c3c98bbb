package dev.marea.kubernetes;

import dev.marea.core.route.RouteTable;
import dev.marea.core.scale.LoadReport;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiClient;
import dev.marea.kubernetes.api.Fence;
import dev.marea.kubernetes.api.FreshKinds;
import dev.marea.kubernetes.client.Kubeconfigs;
import dev.marea.kubernetes.routes.RouteBook;
import dev.marea.kubernetes.routes.RouteSource;
import dev.marea.kubernetes.routes.SliceWatch;
import dev.marea.wire.feed.Standing;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The control plane: makes InferenceServices true, scales them, and tells gateways where to send
 * requests.
 */
public final class Operator implements AutoCloseable {
    private final KubernetesClient client;
    private final SliceWatch slices;
    private final Leadership leadership;
    private final Optional<Doors> doors;
    private final RouteSource routes;

    private Operator(
            KubernetesClient client,
            SliceWatch slices,
            Leadership leadership,
            Optional<Doors> doors,
            RouteSource routes) {
        this.client = client;
        this.slices = slices;
        this.leadership = leadership;
        this.doors = doors;
        this.routes = routes;
    }

    /** Returns when everything that exists is known, and, where it is the only one, reconciled. */
    public static Operator start(OperatorSettings settings) throws IOException {
        var client = ApiClient.open(config(settings));
        try {
            if (settings.installation().isPresent()) {
                FreshKinds.await(new Api(client, Fence.OPEN), settings.watched());
            }
            var book = new RouteBook();
            var slices = SliceWatch.start(client, book, settings.watched());
            var doors = doors(client, settings);
            var leadership = Leadership.start(client, book, settings, doors.map(Doors::rival));
            var routes = new Routes(book, leadership);
            if (doors.isPresent()) {
                var pod = settings.installation().orElseThrow().pod();
                doors.get().openFeed(routes, () -> new Standing(pod, leadership.leading(), true));
            }
            return new Operator(client, slices, leadership, doors, routes);
        } catch (KubernetesClientException away) {
            client.close();
            throw new IOException("the API cannot be read: " + away.getMessage(), away);
        } catch (IOException | RuntimeException failed) {
            client.close();
            throw failed;
        }
    }

    private static Optional<Doors> doors(KubernetesClient client, OperatorSettings settings)
            throws IOException {
        return settings.installation().isPresent()
                ? Optional.of(
                        Doors.open(
                                settings.installation().get(),
                                new Api(client, Fence.OPEN),
                                settings.clock()))
                : Optional.empty();
    }

    private static Config config(OperatorSettings settings) {
        return settings.kubeconfig()
                .map(Kubeconfigs::read)
                .orElseGet(() -> Config.autoConfigure(null));
    }

    public RouteSource routes() {
        return routes;
    }

    /** Whether this operator acts; one that does not has the same routes to offer. */
    public boolean leading() {
        return leadership.leading();
    }

    /**
     * Ends with the reason once this operator has led and may not any longer. It writes nothing
     * since, and its process should end: a fresh one follows.
     */
    public CompletableFuture<String> lost() {
        return leadership.lost();
    }

    @Override
    public void close() {
        leadership.close();
        doors.ifPresent(Doors::close);
        slices.close();
        client.close();
    }

    private record Routes(RouteBook book, Leadership leadership) implements RouteSource {
        @Override
        public AutoCloseable subscribe(Consumer<RouteTable> onTable) {
            return book.subscribe(onTable);
        }

        @Override
        public void accept(LoadReport load) {
            leadership.accept(load);
        }
    }
}
