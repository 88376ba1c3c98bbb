package dev.marea.app.platform;

import dev.marea.app.home.Home;
import dev.marea.app.home.Settings;
import dev.marea.gateway.Gateway;
import dev.marea.gateway.GatewaySettings;
import dev.marea.kubernetes.Operator;
import dev.marea.kubernetes.OperatorSettings;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.local.LocalApi;
import dev.marea.local.controllers.Controllers;
import dev.marea.local.node.LocalNode;
import dev.marea.local.node.NodeSettings;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Time;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.http.HttpServer;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Crds;
import dev.marea.wire.kserve.ShippedRuntimes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;

/**
 * The whole product in one process: the API, its controllers and node, the operator and the
 * gateway, opened in this order and closed in the reverse one.
 */
public final class Platform implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int LOOP_THREADS =
            Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);

    private final Closing parts = new Closing();
    private final Admissions admissions = new Admissions();
    private final Home home;
    private final Settings settings;
    private final int gatewayPort;
    private final EventLoops loops;
    private final Objects objects;
    private final Gateway gateway;
    private final HttpServer admin;
    private final int apiPort;

    private Platform(Home home, Settings settings, List<String> serverFlags) throws IOException {
        this.home = home;
        this.settings = settings;
        this.gatewayPort = settings.gatewayPort() == 0 ? freePort() : settings.gatewayPort();
        try {
            loops = parts.add("event loops", EventLoops.open(LOOP_THREADS));
            var api = parts.add("API", LocalApi.open(api()));
            objects = api.objects();
            admissions.lookInto(objects);
            var time = Time.system();
            var node =
                    parts.add(
                            "node",
                            LocalNode.start(
                                    NodeSettings.of(home.directory())
                                            .withChildPath(settings.path()),
                                    objects,
                                    images(serverFlags),
                                    steps(),
                                    time));
            parts.add("controllers", Controllers.start(objects, api.kinds(), time));
            apiPort = serve(api, node);
            var operator = parts.add("operator", Operator.start(operator()));
            gateway = parts.add("gateway", openGateway(new RouteLink(operator.routes())));
            admin = parts.add("admin door", openAdmin());
        } catch (IOException | RuntimeException failed) {
            parts.close();
            throw failed;
        }
    }

    /**
     * Starts everything and returns once requests are served.
     *
     * @param serverFlags for the JVMs of model servers, beside those that each needs
     */
    public static Platform start(Home home, Settings settings, List<String> serverFlags)
            throws IOException {
        return new Platform(home, settings, serverFlags);
    }

    public String gatewayUrl() {
        return "http://localhost:" + gateway.port();
    }

    public String apiUrl() {
        return "https://" + LOOPBACK + ":" + apiPort;
    }

    public String adminUrl() {
        return "http://localhost:" + admin.port();
    }

    /** Requests that the gateway has answered since it opened. */
    public long requests() {
        return gateway.requests();
    }

    /** What the live status line tells. */
    public record Summary(int services, int ready, int replicas) {}

    public Summary summary() {
        var services = objects.list(Admissions.INFERENCE_SERVICE, "").items();
        int ready = (int) services.stream().filter(Platform::ready).count();
        return new Summary(services.size(), ready, objects.list(Resource.POD, "").items().size());
    }

    private static boolean ready(Json.Obj service) {
        return service.list("status", "conditions").stream()
                .anyMatch(c ->
                        c.text("type").orElse("").equals("Ready")
                                && c.text("status").orElse("").equals("True"));
    }

    @Override
    public void close() {
        parts.close();
    }

    private LocalApi.Settings api() {
        return new LocalApi.Settings(
                home.directory(),
                LOOPBACK,
                settings.apiPort(),
                Crds.all(),
                admissions.byResource(),
                loops,
                Clock.systemUTC(),
                Version.CURRENT);
    }

    private int serve(LocalApi api, LocalNode node) throws IOException {
        try {
            return api.serve(node.logs());
        } catch (IOException taken) {
            throw portTaken("API", settings.apiPort(), "--api-port 0", taken);
        }
    }

    private OperatorSettings operator() {
        var addresses =
                new Addresses(
                        "http",
                        settings.domain(),
                        Addresses.DEFAULT_TEMPLATE,
                        OptionalInt.of(gatewayPort),
                        "http://localhost:" + gatewayPort);
        return OperatorSettings.onOneMachine(home.kubeconfig(), addresses, Version.CURRENT);
    }

    private Gateway openGateway(RouteLink feed) throws IOException {
        var gatewaySettings =
                GatewaySettings.of("local", LOOPBACK, gatewayPort)
                        .with(GatewaySettings.Access.file(home.accessLog()));
        try {
            return Gateway.open(gatewaySettings, loops, feed);
        } catch (IOException taken) {
            throw portTaken("gateway", gatewayPort, "--port 0", taken);
        }
    }

    private HttpServer openAdmin() throws IOException {
        try {
            return AdminDoor.open(
                    DoorSettings.of(loops, LOOPBACK, settings.adminPort()),
                    gateway::metrics,
                    gateway::ready);
        } catch (IOException taken) {
            throw portTaken("admin", settings.adminPort(), "--admin-port 0", taken);
        }
    }

    private static IOException portTaken(String what, int port, String flag, IOException cause) {
        var message = String.valueOf(cause.getMessage());
        var why = message.contains("in use") ? "is taken" : "cannot be opened (" + message + ")";
        return new IOException(
                "the %s port %d %s; stop what uses it, or start with %s for any free port"
                        .formatted(what, port, why, flag),
                cause);
    }

    private LocalImages images(List<String> serverFlags) throws IOException {
        var server = Distribution.own().server(serverFlags);
        return new LocalImages(ShippedRuntimes.IMAGE, server, settings.images());
    }

    private OwnSteps steps() throws IOException {
        var fetching = settings.fetching();
        var cache = new StorageSettings.Cache(home.cache(), fetching.cacheBytes());
        var addresses = new AddressPolicy(fetching.loopback());
        var access = Access.read(fetching.environment());
        var storage = new Storage(StorageSettings.usual(addresses).with(cache).with(access));
        return new OwnSteps(
                List.of(
                        new FetchStep("marea", storage, fetching.environment()),
                        new AgentStep("marea", storage)));
    }

    // The operator writes the gateway's port into URLs before the gateway opens, so it is chosen
    // first.
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
