package dev.marea.kubernetes.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.routes.RouteSource;
import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.FeedMessage;
import dev.marea.wire.feed.LoadCodec;
import dev.marea.wire.feed.Standing;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FeedDoorTest {
    /** What the operator knows; a test writes it. */
    private static final class Book implements RouteSource {
        final List<Consumer<RouteTable>> ears = new CopyOnWriteArrayList<>();
        final List<LoadReport> reports = new CopyOnWriteArrayList<>();
        private RouteTable table = RouteTable.EMPTY;

        @Override
        public synchronized AutoCloseable subscribe(Consumer<RouteTable> ear) {
            ears.add(ear);
            ear.accept(table);
            return () -> ears.remove(ear);
        }

        synchronized void write(List<Route> routes) {
            table = new RouteTable(table.version() + 1, routes);
            ears.forEach(ear -> ear.accept(table));
        }

        @Override
        public void accept(LoadReport load) {
            reports.add(load);
        }
    }

    /** A gateway made of a plain socket, which reads when it is told to. */
    private static final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;
        final Map<ServiceId, Route> routes = new HashMap<>();
        final List<FeedMessage> heard = new ArrayList<>();

        Reader(int port, String gateway) throws IOException {
            socket = new Socket();
            socket.setReceiveBufferSize(256 << 10);
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(
                            ("GET /v1/feed?gateway=" + gateway + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    new Unchunked(socket.getInputStream()),
                                    StandardCharsets.UTF_8));
        }

        /** Reads until a commit and returns its version. */
        long table() throws IOException {
            while (true) {
                switch (next()) {
                    case FeedMessage.Reset() -> routes.clear();
                    case FeedMessage.Put(var route) -> routes.put(route.service(), route);
                    case FeedMessage.Remove(var service) -> routes.remove(service);
                    case FeedMessage.Commit(var version, var count) -> {
                        assertThat(routes).hasSize(count);
                        return version;
                    }
                    case FeedMessage.Hello _, FeedMessage.Beat _, FeedMessage.Unknown() -> {}
                }
            }
        }

        FeedMessage next() throws IOException {
            var line = lines.readLine();
            if (line == null) {
                throw new java.io.EOFException("the feed has ended");
            }
            var message = FeedCodec.read(line.getBytes(StandardCharsets.UTF_8));
            heard.add(message);
            return message;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final Book book = new Book();
    private volatile Standing standing = new Standing("op-1", true, true);
    private EventLoops loops;
    private FeedDoor door;

    @BeforeEach
    void open() throws IOException {
        loops = EventLoops.open(1);
        door =
                FeedDoor.open(
                        DoorSettings.of(loops, "127.0.0.1", 0),
                        book,
                        () -> standing,
                        InstantSource.system());
    }

    @AfterEach
    void close() {
        door.close();
        loops.close();
    }

    @Test
    void atFirstEverythingIsToldAndThenOnlyWhatChanged() throws Exception {
        var routes = new ArrayList<>(routes(1_000, "a"));
        book.write(routes);
        try (var gateway = new Reader(door.port(), "gw")) {
            gateway.table();
            assertThat(gateway.heard.getFirst())
                    .isEqualTo(new FeedMessage.Hello(FeedCodec.FORMAT, standing));
            assertThat(gateway.routes.values()).containsExactlyInAnyOrderElementsOf(routes);

            gateway.heard.clear();
            var gone = routes.removeLast();
            routes.set(7, route(7, "b"));
            book.write(routes);
            gateway.table();

            assertThat(gateway.heard)
                    .filteredOn(m -> !(m instanceof FeedMessage.Beat))
                    .containsExactly(
                            new FeedMessage.Put(routes.get(7)),
                            new FeedMessage.Remove(gone.service()),
                            new FeedMessage.Commit(2, 999));
        }
    }

    @Test
    void aReplicaThatDoesNotKnowAllRoutesYetTellsNone() throws Exception {
        standing = new Standing("op-1", false, false);
        book.write(routes(3, "a"));
        try (var gateway = new Reader(door.port(), "gw")) {
            gateway.next();
            for (int beats = 0; beats < 3; beats++) {
                assertThat(gateway.next()).isInstanceOf(FeedMessage.Beat.class);
            }
            standing = new Standing("op-1", true, true);
            gateway.table();
            assertThat(gateway.routes).hasSize(3);
        }
    }

    @Test
    void aGatewayThatDoesNotReadHoldsUpNobodyAndFindsTheNewestState() throws Exception {
        book.write(routes(3_000, "0"));
        try (var slow = new Reader(door.port(), "slow");
                var quick = new Reader(door.port(), "quick")) {
            quick.table();
            for (int round = 1; round <= 20; round++) {
                book.write(routes(3_000, "" + round));
                while (quick.table() <= round) {
                    // a newer table is on its way
                }
            }
            long last = 21;
            int tables = 0;
            for (long version = slow.table(); version < last; version = slow.table()) {
                tables++;
            }
            assertThat(slow.routes.values()).containsAll(routes(3_000, "20"));
            assertThat(tables).as("tables that the slow one was spared").isLessThan(20);
        }
    }

    @Test
    void closingEndsTheFeedAtOnce() throws Exception {
        try (var gateway = new Reader(door.port(), "gw")) {
            gateway.table();
            Thread.ofVirtual().start(door::close);
            assertThat(
                            org.assertj.core.api.Assertions.catchThrowable(() -> {
                                while (true) {
                                    gateway.next();
                                }
                            }))
                    .isInstanceOf(java.io.EOFException.class);
        }
    }

    @Test
    void loadIsHandedOnAndAnsweredWithHowWeStand() throws Exception {
        var report =
                new LoadReport(
                        "gw", List.of(new RevisionLoad(new ServiceId("d", "s"), "r", 1.5, 3, 1)));
        assertThat(post(LoadCodec.write(report))).startsWith("HTTP/1.1 200").contains("op-1");
        assertThat(book.reports).containsExactly(report);

        assertThat(post("{\"gateway\": 5}".getBytes(StandardCharsets.UTF_8)))
                .startsWith("HTTP/1.1 400")
                .contains("gateway");
        assertThat(book.reports).hasSize(1);
    }

    private String post(byte[] body) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            var head =
                    "POST /v1/load HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                            .formatted(body.length);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Route> routes(int count, String host) {
        return IntStream.range(0, count).mapToObj(i -> route(i, host)).toList();
    }

    private static Route route(int i, String host) {
        return new Route(
                new ServiceId("team", "s" + i),
                List.of("s%d.%s.%s.example.com".formatted(i, host, "x".repeat(200))),
                List.of(),
                0,
                Duration.ofSeconds(60),
                false);
    }
}
