package dev.marea.check.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable;
import dev.marea.gateway.Gateway;
import dev.marea.gateway.GatewaySettings;
import dev.marea.gateway.RouteFeed;
import dev.marea.gateway.feed.RemoteFeed;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gateways that follow operators over mutual TLS, and what becomes of them. */
@Timeout(120)
class FeedFaultsTest {
    @TempDir Path home;

    private final Book book = new Book();
    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private FeedWorld world;

    @BeforeEach
    void open() {
        world = new FeedWorld(home);
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        world.close();
    }

    @Test
    void aGatewayServesOnWithoutAnyOperatorAndTakesUpWhatTheNextOneSays() throws Exception {
        try (var one = replica("one");
                var two = replica("two");
                var feed = world.feed("gw")) {
            book.write(FeedWorld.route(FeedWorld.IRIS, 0, one.port()));
            var operator = world.operator("op-1", book);
            try (var gateway = gateway("gw", feed)) {
                FeedWorld.await("ready", gateway::ready);
                assertThat(ask(gateway).body()).isEqualTo("one");

                operator.close();
                FeedWorld.await("the operator is missed", () -> !connected(feed));
                for (int i = 0; i < 200; i++) {
                    assertThat(ask(gateway).statusCode()).as("request %d", i).isEqualTo(200);
                }
                assertThat(gateway.metrics()).contains("marea_gateway_feed_connected 0.0");
                assertThat(gateway.ready()).isTrue();

                book.write(FeedWorld.route(FeedWorld.IRIS, 0, two.port()));
                try (var next = world.operator("op-2", book)) {
                    FeedWorld.await(
                            "the next is believed", () -> ask(gateway).body().equals("two"));
                    assertThat(next.port()).isPositive();
                }
            }
        }
    }

    @Test
    void aGatewayThatStartsAloneServesByItsLastGoodTable() throws Exception {
        try (var one = replica("one")) {
            book.write(FeedWorld.route(FeedWorld.IRIS, 0, one.port()));
            try (var _ = world.operator("op", book);
                    var feed = world.feed("gw")) {
                FeedWorld.await("it learns", () -> connected(feed));
            }
            try (var feed = world.feed("gw");
                    var gateway = gateway("gw", feed)) {
                assertThat(gateway.ready()).isTrue();
                assertThat(ask(gateway).body()).isEqualTo("one");
            }
        }
    }

    @Test
    void untilItKnowsAnyTableAGatewayIsNotReadyAndSaysWhy() throws Exception {
        try (var feed = world.feed("gw");
                var gateway = gateway("gw", feed)) {
            assertThat(gateway.ready()).isFalse();
            var answer = ask(gateway);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("x-marea-reason")).hasValue("RoutesUnknown");
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
        }
    }

    @Test
    void aStrangersCertificateIsRefusedAndARightOneThatComesLaterIsTaken() throws Exception {
        book.write(FeedWorld.route(FeedWorld.IRIS, 0));
        try (var _ = world.operator("op", book);
                var good = world.feed("good");
                var late = world.feedWithoutPapers("late")) {
            world.issueStrangersPapers("late");
            FeedWorld.await("the good one follows", () -> connected(good));
            assertThat(connected(late)).isFalse();
            assertThat(tables(late)).isEmpty();

            world.issuePapers("late");
            FeedWorld.await("now it follows", () -> connected(late));
        }
    }

    @Test
    void twoGatewaysTogetherKeepAReplicasLimitAndBothSayTheirLoad() throws Exception {
        int limit = 4;
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var go = new CountDownLatch(1);
        try (var slow = replica(now, most, go);
                var _ = world.operator("op", book);
                var feedA = world.feed("gw-a");
                var feedB = world.feed("gw-b");
                var a = gateway("gw-a", feedA);
                var b = gateway("gw-b", feedB)) {
            book.write(FeedWorld.route(FeedWorld.IRIS, limit, slow.port()));
            awaitShare(feedA, new GatewayShare(0, 2));
            awaitShare(feedB, new GatewayShare(1, 2));
            FeedWorld.await("both are ready", () -> a.ready() && b.ready());
            FeedWorld.await("both route", () -> routes(feedA) == 1 && routes(feedB) == 1);

            var answers =
                    FeedWorld.times(20).flatMap(_ -> List.of(send(a), send(b)).stream()).toList();
            FeedWorld.await("every place is taken", () -> now.get() == limit);
            FeedWorld.await("both say so", () -> book.busyGateways().count() == 2);
            assertThat(now).hasValue(limit);
            go.countDown();
            for (var answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(most).hasValue(limit);
        }
    }

    private static void awaitShare(RemoteFeed feed, GatewayShare expected) throws Exception {
        var heard = new java.util.concurrent.atomic.AtomicReference<>(GatewayShare.ALONE);
        try (var _ =
                feed.subscribe(
                        new RouteFeed.Listener() {
                            @Override
                            public void routes(RouteTable table) {}

                            @Override
                            public void share(GatewayShare mine) {
                                heard.set(mine);
                            }
                        })) {
            FeedWorld.await("the share", () -> heard.get().equals(expected));
        }
    }

    private static int routes(RemoteFeed feed) {
        var tables = tables(feed);
        return tables.isEmpty() ? 0 : tables.getLast().routes().size();
    }

    private static List<RouteTable> tables(RemoteFeed feed) {
        var tables = new java.util.ArrayList<RouteTable>();
        try (var _ = feed.subscribe(tables::add)) {
            return List.copyOf(tables);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static boolean connected(RemoteFeed feed) {
        return feed.state().orElseThrow().connected();
    }

    private Gateway gateway(String name, RouteFeed feed) throws IOException {
        var settings = GatewaySettings.of(name, "127.0.0.1", 0);
        return Gateway.open(
                settings.with(GatewaySettings.Access.file(home.resolve(name + ".jsonl"))),
                world.loops,
                feed);
    }

    private HttpServer replica(String name) throws IOException {
        return HttpServer.open(
                DoorSettings.of(world.loops, "127.0.0.1", 0),
                (_, response) ->
                        response.send(200, Map.of(), name.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpServer replica(AtomicInteger now, AtomicInteger most, CountDownLatch go)
            throws IOException {
        return HttpServer.open(
                DoorSettings.of(world.loops, "127.0.0.1", 0),
                (_, response) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    go.await(60, TimeUnit.SECONDS);
                    now.decrementAndGet();
                    response.send(200, Map.of(), new byte[0]);
                });
    }

    private HttpResponse<String> ask(Gateway gateway) {
        return send(gateway).orTimeout(30, TimeUnit.SECONDS).join();
    }

    private CompletableFuture<HttpResponse<String>> send(Gateway gateway) {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/serving/team/iris/v2"
                                                .formatted(gateway.port())))
                        .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }
}
