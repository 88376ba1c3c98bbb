package dev.marea.storage;

import dev.marea.storage.cache.Manifest;
import dev.marea.storage.cache.NodeCache;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.RetriedAsking;
import dev.marea.storage.http.StoreClient;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.Stores;
import dev.marea.storage.stores.web.HttpsStore;
import dev.marea.storage.transfer.Meter;
import dev.marea.storage.transfer.Progress;
import dev.marea.storage.transfer.Transfer;
import dev.marea.storage.transfer.VersionChanged;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns a storage URI into files of a local directory: verified, whole or not at all, and from this
 * node's cache where it has them.
 */
public final class Storage {
    /** A store that changes while it is read is listed again so often. */
    private static final int LISTINGS_MAX = 3;

    private static final String OWN_CACHE = ".marea-fetch";

    private final StorageSettings settings;
    private final Store stores = new Stores(new HttpsStore());

    public Storage(StorageSettings settings) {
        this.settings = settings;
    }

    /** With what the settings let in, and told to nobody. */
    public Fetched fetch(String uri, Path directory) throws IOException, InterruptedException {
        return fetch(FetchOrder.of(uri, directory).with(settings.access()), _ -> {});
    }

    /**
     * Fetches what the order names into its directory, which is made if it is not there.
     *
     * @param tell hears several times a second how far it is
     */
    public Fetched fetch(FetchOrder order, Consumer<Progress> tell)
            throws IOException, InterruptedException {
        var uri = uri(order.uri());
        if (uri.scheme().equals("file")) {
            return new LocalFiles(settings.transfer().bytesMax(), settings.filesMax())
                    .copy(uri.text(), local(uri), order.directory());
        }
        try (var asked = client(order.access())) {
            for (int listing = 1; ; listing++) {
                try {
                    return fetch(order, asked, tell);
                } catch (VersionChanged changed) {
                    if (listing == LISTINGS_MAX) {
                        throw Bringing.changed(order.uri(), String.valueOf(changed.getMessage()));
                    }
                }
            }
        }
    }

    /**
     * Fetches into the cache alone, which the settings must name.
     *
     * @param order whose directory is any on the cache's disk
     */
    public Fetched pull(FetchOrder order, Consumer<Progress> tell)
            throws IOException, InterruptedException {
        Files.createDirectories(order.directory());
        var passing = Files.createTempDirectory(order.directory(), ".pull");
        try {
            return fetch(
                    new FetchOrder(order.uri(), passing, order.pinned(), order.access()), tell);
        } finally {
            NodeCache.forget(passing);
        }
    }

    private Fetched fetch(FetchOrder order, StoreClient client, Consumer<Progress> tell)
            throws IOException, InterruptedException {
        var plan = Plan.of(order, list(order, client), settings);
        var cache = cache(order);
        var meter = new Meter();
        var placed = placed(plan, cache, client, meter, tell);
        if (settings.cache().isEmpty()) {
            cache.remove(); // before that it keeps, in the pod's volume, what a next try goes on
            // with
        } else {
            cache.prune();
        }
        return new Fetched(
                plan.listing().pinned(),
                placed.entries().size(),
                placed.bytes(),
                meter.network(),
                placed.digests());
    }

    private Listing list(FetchOrder order, StoreClient client)
            throws FetchFailure, InterruptedException {
        var asking = new RetriedAsking(client, settings.retries(), settings.clock());
        return stores.list(uri(order.pinned().orElse(order.uri())), order.access(), asking);
    }

    private Manifest placed(
            Plan plan, NodeCache cache, StoreClient client, Meter meter, Consumer<Progress> tell)
            throws IOException, InterruptedException {
        var directory = plan.order().directory();
        var known = known(plan, cache);
        if (known.isPresent() && cache.place(plan.key(), known.get(), directory)) {
            return known.get();
        }
        try (var intake = cache.intake(plan.key())) {
            known = known(plan, cache); // another one may have brought it while we waited
            var manifest =
                    known.isPresent()
                            ? known.get()
                            : new Bringing(settings, plan, intake, meter)
                                    .run(transfer(client), cache.earlier(plan.key()), tell);
            if (!cache.place(plan.key(), manifest, directory)) {
                throw FetchFailure.passing(
                        plan.order().uri()
                                + " was evicted while it was placed; the cache is too small");
            }
            return manifest;
        }
    }

    private static Optional<Manifest> known(Plan plan, NodeCache cache) throws IOException {
        return plan.known() ? cache.find(plan.key()) : Optional.empty();
    }

    /** Asks a store for small things as a fetch would, such as for a push. */
    public <T> T asking(Access access, Conversation<T> conversation)
            throws IOException, InterruptedException {
        try (var client = client(access)) {
            return conversation.with(
                    new RetriedAsking(client, settings.retries(), settings.clock()));
        }
    }

    /** What is asked. */
    @FunctionalInterface
    public interface Conversation<T> {
        T with(Asking http) throws IOException, InterruptedException;
    }

    private StoreClient client(Access access) throws IOException {
        var client = settings.client().with(Surroundings.proxies(access));
        var trust = Surroundings.authorities(access);
        return new StoreClient(trust.isPresent() ? client.with(trust.get()) : client);
    }

    private Transfer transfer(StoreClient client) {
        return new Transfer(client, settings.retries(), settings.transfer(), settings.clock());
    }

    private NodeCache cache(FetchOrder order) {
        return settings.cache()
                .map(node -> new NodeCache(node.root(), node.bytesMax(), settings.clock()))
                .orElseGet(() ->
                        new NodeCache(
                                order.directory().resolve(OWN_CACHE),
                                Long.MAX_VALUE,
                                settings.clock()));
    }

    private static StoreUri uri(String text) throws FetchFailure {
        try {
            return new StoreUri(text);
        } catch (IllegalArgumentException bad) {
            throw FetchFailure.lasting("cannot fetch this: " + bad.getMessage());
        }
    }

    private static Path local(StoreUri uri) throws FetchFailure {
        if (uri.text().startsWith("/")) {
            return Path.of(uri.text());
        }
        try {
            return Path.of(new URI(uri.text()).getPath());
        } catch (URISyntaxException bad) {
            throw FetchFailure.lasting("cannot fetch " + uri + ": not a URI, " + bad.getReason());
        }
    }
}
