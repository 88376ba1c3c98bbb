package dev.marea.check.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.RouteTable.Replica;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.ServiceId;
import dev.marea.gateway.feed.FeedSettings;
import dev.marea.gateway.feed.RemoteFeed;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.feed.FeedDoor;
import dev.marea.wire.feed.Standing;
import dev.marea.wire.http.Certificates.Root;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.http.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Operators and gateways on loopback, with certificates of one root. */
final class FeedWorld implements AutoCloseable {
    static final ServiceId IRIS = new ServiceId("team", "iris");

    private static final String NAME = "marea-operator-feed.marea-system.svc";
    private static final Duration DAY = Duration.ofDays(1);
    private static final FeedSettings.Timing QUICK =
            new FeedSettings.Timing(
                    Duration.ofMillis(50),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(3),
                    Duration.ofMillis(10),
                    Duration.ofMillis(200),
                    Duration.ofMillis(20));

    final EventLoops loops = EventLoops.open(2);
    private final Root root = Root.make(Instant.now(), DAY);
    private final List<InetSocketAddress> operators = new CopyOnWriteArrayList<>();
    private final Path home;

    FeedWorld(Path home) {
        this.home = home;
    }

    /** An operator that leads and knows all routes. */
    FeedDoor operator(String name, Book book) throws IOException {
        var at = new Installation("marea-system", name, loops, 0, 0, Set.of());
        var tls =
                ServerTls.mutual(
                        root.server(Instant.now(), DAY, List.of(NAME)), root.pem().chain());
        var standing = new Standing(name, true, true);
        var door = FeedDoor.open(at, tls, book, () -> standing, InstantSource.system());
        operators.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()));
        return door;
    }

    RemoteFeed feed(String gateway) throws IOException {
        issuePapers(gateway, root);
        return feedWithoutPapers(gateway);
    }

    /** One whose papers come later, or from elsewhere. */
    RemoteFeed feedWithoutPapers(String gateway) throws IOException {
        var papers = FeedSettings.Papers.in(Files.createDirectories(home.resolve(gateway)));
        return RemoteFeed.open(
                new FeedSettings(
                        gateway,
                        NAME,
                        () -> List.copyOf(operators),
                        Optional.of(papers),
                        home.resolve(gateway + "/feed/last"),
                        QUICK));
    }

    void issuePapers(String gateway) throws IOException {
        issuePapers(gateway, root);
    }

    /** Trusts our operators, but is vouched for by somebody else. */
    void issueStrangersPapers(String gateway) throws IOException {
        issuePapers(gateway, Root.make(Instant.now(), DAY));
    }

    private void issuePapers(String gateway, Root issuer) throws IOException {
        var directory = Files.createDirectories(home.resolve(gateway));
        Files.writeString(directory.resolve("ca.crt"), root.pem().chain());
        issuer.client(Instant.now(), DAY, "marea-gateway")
                .write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    }

    static Route route(ServiceId service, int containerConcurrency, int... replicaPorts) {
        var replicas =
                java.util.stream.IntStream.of(replicaPorts)
                        .mapToObj(port -> new Replica("replica-" + port, "127.0.0.1", port))
                        .toList();
        return new Route(
                service,
                List.of(service.name() + ".example.com"),
                List.of(new Revision(service.name() + "-00001", Percent.ALL, replicas)),
                containerConcurrency,
                Duration.ofSeconds(30),
                false);
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not in time: " + what).isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }

    static Stream<Integer> times(int count) {
        return Stream.iterate(0, i -> i + 1).limit(count);
    }

    @Override
    public void close() {
        loops.close();
    }
}
