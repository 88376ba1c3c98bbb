package dev.marea.local;

import dev.marea.local.api.Catalog;
import dev.marea.local.api.Rules;
import dev.marea.local.api.StoredObjects;
import dev.marea.local.api.Upkeep;
import dev.marea.local.node.PodLogs;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.rest.ApiDoor;
import dev.marea.local.store.Store;
import dev.marea.wire.admission.Admission;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.http.HttpLimits;
import dev.marea.wire.http.HttpServer;
import dev.marea.wire.http.ServerTls;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one-machine Kubernetes API. {@link #open} brings back the objects, so that controllers and
 * the node can start; {@link #serve} then opens the door to everybody else.
 */
public final class LocalApi implements AutoCloseable {
    private static final long BODY_BYTES_MAX = 3 << 20;
    private static final int CONNECTIONS_MAX = 2_000;
    private static final int REQUESTS_MAX = 2_500;
    private static final Duration DRAIN = Duration.ofMillis(200);

    /**
     * @param home keeps state.db, pki/ and kubeconfig
     * @param port 0 for any free one
     * @param definitions the CustomResourceDefinitions to serve
     * @param admissions judges of the kinds that have one
     * @param version of marea, told to clients
     */
    public record Settings(
            Path home,
            String host,
            int port,
            List<Json.Obj> definitions,
            Map<Resource, Admission> admissions,
            EventLoops loops,
            Clock clock,
            String version) {
        public Settings {
            definitions = List.copyOf(definitions);
            admissions = Map.copyOf(admissions);
        }
    }

    private final Optional<Settings> settings;
    private final Store store;
    private final StoredObjects objects;
    private final Upkeep upkeep;
    private Optional<HttpServer> server = Optional.empty();

    private LocalApi(Optional<Settings> settings, Store store, StoredObjects objects, Clock clock) {
        this.settings = settings;
        this.store = store;
        this.objects = objects;
        Beginnings.make(objects);
        this.upkeep = Upkeep.start(objects, clock);
    }

    /** Opens {@code state.db}; what it holds is there at once, and nothing is served yet. */
    public static LocalApi open(Settings settings) throws IOException {
        Files.createDirectories(settings.home());
        var catalog = Catalog.of(settings.definitions());
        var store = Store.open(settings.home().resolve("state.db"), catalog.resources());
        return new LocalApi(
                Optional.of(settings),
                store,
                objects(store, catalog, settings.admissions(), settings.clock()),
                settings.clock());
    }

    /** Objects without a file and without a door, for the tests of controllers. */
    public static LocalApi inMemory(
            List<Json.Obj> definitions, Map<Resource, Admission> admissions, Clock clock) {
        var catalog = Catalog.of(definitions);
        var store = Store.inMemory(catalog.resources());
        return new LocalApi(
                Optional.empty(), store, objects(store, catalog, admissions, clock), clock);
    }

    private static StoredObjects objects(
            Store store, Catalog catalog, Map<Resource, Admission> admissions, Clock clock) {
        return new StoredObjects(store, catalog, new Rules(admissions, clock, new SecureRandom()));
    }

    public Objects objects() {
        return objects;
    }

    /** Every kind that this API serves. */
    public Collection<Resource> kinds() {
        return objects.catalog().resources();
    }

    /** Opens the door and writes the kubeconfig that leads to it; returns the port. */
    public int serve(PodLogs logs) throws IOException {
        var with =
                settings.orElseThrow(() -> new IllegalStateException("in memory, without a door"));
        var credentials = Credentials.load(with.home(), with.clock());
        var door = new ApiDoor(objects, logs, credentials.token(), with.version(), with.clock());
        var opened =
                HttpServer.open(
                        DoorSettings.of(with.loops(), with.host(), with.port())
                                .with(ServerTls.of(credentials.server()))
                                .with(
                                        HttpLimits.DEFAULTS
                                                .withBody(BODY_BYTES_MAX)
                                                .withLoad(CONNECTIONS_MAX, REQUESTS_MAX))
                                .with(LocalApi::refused),
                        door);
        server = Optional.of(opened);
        credentials.writeKubeconfig(kubeconfig(with), with.host(), opened.port());
        return opened.port();
    }

    private static Path kubeconfig(Settings settings) {
        return settings.home().resolve("kubeconfig");
    }

    /** What the HTTP door itself refuses, in the form that Kubernetes' clients read. */
    private static byte[] refused(int status, String message, String path) {
        var reason = status == 413 ? "RequestEntityTooLarge" : "BadRequest";
        return JsonWriter.bytes(new Refusal(status, reason, message, Json.Obj.EMPTY).status());
    }

    /** The port of the open door. */
    public int port() {
        return server.orElseThrow(() -> new IllegalStateException("not served yet")).port();
    }

    @Override
    public void close() {
        upkeep.close();
        store.endWatches();
        server.ifPresent(opened -> opened.close(DRAIN));
        store.close();
    }
}
