package dev.marea.gateway;

import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.http.EventLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A gateway on a free port, a feed that a test drives, and a client. */
final class Rig implements AutoCloseable {
    static final ServiceId IRIS = new ServiceId("default", "iris");

    /** What the operator would be. */
    private static final class Feed implements RouteFeed {
        final List<RouteFeed.Listener> ears = new CopyOnWriteArrayList<>();
        final List<LoadReport> reports = new CopyOnWriteArrayList<>();
        volatile RouteTable table = RouteTable.EMPTY;

        @Override
        public AutoCloseable subscribe(RouteFeed.Listener ear) {
            ears.add(ear);
            ear.routes(table);
            return () -> ears.remove(ear);
        }

        @Override
        public void report(LoadReport load) {
            reports.add(load);
        }
    }

    private static final class Seeded implements Chance {
        private final Random random = new Random(7);

        @Override
        public synchronized double share() {
            return random.nextDouble();
        }

        @Override
        public synchronized long bits() {
            return random.nextLong();
        }
    }

    private final EventLoops loops = EventLoops.open(2);
    private final Feed feed = new Feed();
    private final Path access;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final Gateway gateway;

    Rig() {
        this(s -> s);
    }

    Rig(UnaryOperator<GatewaySettings> change) {
        try {
            access = Files.createTempFile("access", ".jsonl");
            var settings =
                    GatewaySettings.of("gw-1", "127.0.0.1", 0)
                            .withDrain(Duration.ofSeconds(5))
                            .with(GatewaySettings.Access.file(access));
            gateway =
                    Gateway.open(
                            change.apply(settings), loops, feed, Clock.systemUTC(), new Seeded());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Revision revision(String name, int percent, Replica... replicas) {
        return new Revision(
                name,
                new Percent(percent),
                Stream.of(replicas)
                        .map(r -> new RouteTable.Replica(r.name, "127.0.0.1", r.port()))
                        .toList());
    }

    static Route route(Revision... revisions) {
        return route(0, Duration.ofSeconds(20), revisions);
    }

    static Route route(int containerConcurrency, Duration timeout, Revision... revisions) {
        return new Route(
                IRIS,
                List.of("iris-default.localhost", "iris.default.localhost"),
                List.of(revisions),
                containerConcurrency,
                timeout,
                false);
    }

    void tell(Route... routes) {
        feed.table = new RouteTable(feed.table.version() + 1, List.of(routes));
        feed.ears.forEach(ear -> ear.routes(feed.table));
    }

    void serve(Replica... replicas) {
        tell(route(revision("r1", 100, replicas)));
    }

    /** The latest word on a revision. */
    List<RevisionLoad> loads(String revision) {
        return feed.reports.stream()
                .flatMap(r -> r.revisions().stream())
                .filter(r -> r.revision().equals(revision))
                .toList();
    }

    HttpResponse<String> get(String path) {
        return join(send(request(path).GET()));
    }

    HttpResponse<String> post(String path, String body) {
        return join(send(request(path).POST(BodyPublishers.ofString(body))));
    }

    CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    <T> CompletableFuture<HttpResponse<T>> send(
            HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        return client.sendAsync(request.build(), handler);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    /** A path of the sample service. */
    static String iris(String path) {
        return "/serving/default/iris" + path;
    }

    static <T> T join(CompletableFuture<T> answer) {
        return answer.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    List<String> accessLines() {
        try {
            return Files.readAllLines(access);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 10 s: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        gateway.close();
        loops.close();
        try {
            Files.deleteIfExists(access);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
