package dev.marea.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.spec.ServiceId;
import dev.marea.gateway.RouteFeed;
import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.FeedMessage;
import dev.marea.wire.feed.Standing;
import dev.marea.wire.http.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RemoteFeedTest {
    private static final Route IRIS = FakeOperator.route("iris", "iris.example.com");
    private static final Route WINE = FakeOperator.route("wine");
    private static final FeedSettings.Timing QUICK =
            new FeedSettings.Timing(
                    Duration.ofMillis(50),
                    Duration.ofMillis(50),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(10),
                    Duration.ofMillis(100),
                    Duration.ofMillis(20));

    @TempDir Path home;

    private final EventLoops loops = EventLoops.open(1);
    private final List<InetSocketAddress> addresses = new CopyOnWriteArrayList<>();

    /** What a gateway would do. */
    private static final class Ear implements RouteFeed.Listener {
        final List<RouteTable> tables = new CopyOnWriteArrayList<>();
        volatile GatewayShare share = GatewayShare.ALONE;

        @Override
        public void routes(RouteTable table) {
            tables.add(table);
        }

        @Override
        public void share(GatewayShare mine) {
            share = mine;
        }

        boolean knows(Route... routes) {
            return !tables.isEmpty() && tables.getLast().routes().equals(List.of(routes));
        }
    }

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void followsTheOperatorAndSavesWhatItLearns() throws Exception {
        try (var operator = operator("op", true)) {
            try (var feed = open()) {
                var ear = listen(feed);
                operator.tell(IRIS, WINE);
                await("the table", () -> ear.knows(IRIS, WINE));
                await("connected", () -> connected(feed));
            }
        }
        try (var feed = open()) {
            assertThat(listen(feed).knows(IRIS, WINE)).as("known before any answer").isTrue();
            assertThat(connected(feed)).isFalse();
        }
    }

    @Test
    void withoutTableNorOperatorNothingIsTold() {
        try (var feed = open()) {
            assertThat(listen(feed).tables).isEmpty();
        }
    }

    @Test
    void aFeedCutInTheMiddleOfATableChangesNothing() throws Exception {
        try (var operator = operator("op", true);
                var feed = open()) {
            var ear = listen(feed);
            operator.tell(IRIS);
            await("the table", () -> ear.knows(IRIS));

            operator.say(new FeedMessage.Reset());
            operator.say(new FeedMessage.Put(WINE));
            operator.raw("{\"put\": {\"names");
            operator.cut();
            await("the loss is noticed", () -> reconnects(feed) == 1);
            assertThat(ear.tables).hasSize(1);
            await("it is followed anew", operator::followedAnew);

            operator.tell(IRIS, WINE);
            await("the next table", () -> ear.knows(IRIS, WINE));
        }
    }

    @Test
    void anOperatorThatCountsOtherwiseIsAskedAnew() throws Exception {
        try (var operator = operator("op", true);
                var feed = open()) {
            var ear = listen(feed);
            operator.say(new FeedMessage.Reset());
            operator.say(new FeedMessage.Put(IRIS));
            operator.say(new FeedMessage.Commit(1, 2));
            await("the loss is noticed", () -> reconnects(feed) == 1);
            assertThat(ear.tables).isEmpty();
            await("it is followed anew", operator::followedAnew);

            operator.tell(IRIS, WINE);
            await("the whole table", () -> ear.knows(IRIS, WINE));
        }
    }

    @Test
    void nonsenseEndsThatFeedAndNotTheGateway() throws Exception {
        try (var operator = operator("op", true);
                var feed = open()) {
            var ear = listen(feed);
            operator.tell(IRIS);
            await("the table", () -> ear.knows(IRIS));
            operator.raw("GET / HTTP/1.1\n");
            await("the loss is noticed", () -> reconnects(feed) == 1);
            await("it is followed anew", operator::followedAnew);
            operator.tell(WINE);
            await("the next table", () -> ear.knows(WINE));
        }
    }

    @Test
    void anOperatorThatHasJustStartedIsNotFollowedUntilItKnowsAll() throws Exception {
        try (var operator = operator("op", true);
                var feed = open()) {
            var ear = listen(feed);
            operator.tell(IRIS);
            await("the table", () -> ear.knows(IRIS));

            operator.stands(true, false);
            operator.cut();
            await("the loss is noticed", () -> reconnects(feed) == 1);
            operator.tell();
            report(feed);
            await("it is asked and passed over", () -> !operator.reports.isEmpty());
            assertThat(ear.knows(IRIS)).isTrue();
            assertThat(operator.followers).hasValue(0);

            operator.stands(true, true);
            await("it is believed", () -> ear.knows());
        }
    }

    @Test
    void theTableStandsWhenTheOperatorIsGone() throws Exception {
        try (var feed = open()) {
            var ear = listen(feed);
            try (var operator = operator("op", true)) {
                operator.tell(IRIS);
                await("connected", () -> connected(feed));
            }
            await("the loss is noticed", () -> !connected(feed));
            assertThat(ear.knows(IRIS)).isTrue();
            var age = feed.state().orElseThrow().age();
            await("it grows old", () -> feed.state().orElseThrow().age().compareTo(age) > 0);
        }
    }

    @Test
    @SuppressWarnings("try") // the leader is closed in the middle, which is what is tested
    void theLeaderIsFollowedAndWhenItIsLostTheOther() throws Exception {
        try (var other = operator("op-2", false);
                var leader = operator("op-1", true);
                var feed = open()) {
            var ear = listen(feed);
            await("the leader is followed", () -> leader.followers.get() == 1);
            await("and nobody else", () -> other.followers.get() == 0);
            leader.tell(IRIS);
            await("its table", () -> ear.knows(IRIS));

            report(feed);
            await("both hear of the load", () -> heard(leader) && heard(other));

            leader.close();
            other.tell(IRIS, WINE);
            await("the other's table", () -> ear.knows(IRIS, WINE));

            try (var next = operator("op-3", true)) {
                await("a new leader is followed", () -> next.followers.get() == 1);
                await("instead", () -> other.followers.get() == 0);
            }
        }
    }

    @Test
    void anOperatorThatFallsSilentIsLeft() throws Exception {
        try (var frozen = operator("op-1", true);
                var feed = open()) {
            var ear = listen(feed);
            frozen.tell(IRIS);
            await("its table", () -> ear.knows(IRIS));
            frozen.fallSilent();
            try (var other = operator("op-2", false)) {
                other.tell(WINE);
                await("the other's table", () -> ear.knows(WINE));
            }
        }
    }

    @Test
    void theShareOfTheLoadIsHandedOnAndKept() throws Exception {
        var share = new GatewayShare(1, 3);
        try (var operator = operator("op", true);
                var feed = open()) {
            var ear = listen(feed);
            operator.tell(IRIS);
            for (int i = 0; i < 20; i++) {
                operator.share(share);
            }
            await("the share", () -> ear.share.equals(share));
            assertThat(ear.tables).hasSize(1);
        }
    }

    @Test
    void aFormatThatIsNotOursIsNotFollowed() throws Exception {
        try (var operator = operator("op", true);
                var feed = open()) {
            var ear = listen(feed);
            operator.say(
                    new FeedMessage.Hello(FeedCodec.FORMAT + 1, new Standing("op", true, true)));
            operator.tell(IRIS);
            await("the loss is noticed", () -> reconnects(feed) >= 1);
            assertThat(ear.tables).isEmpty();
        }
    }

    private FakeOperator operator(String name, boolean leads) throws IOException {
        var operator = new FakeOperator(loops, name, leads);
        addresses.add(operator.address());
        return operator;
    }

    private RemoteFeed open() {
        return RemoteFeed.open(
                new FeedSettings(
                        "gw",
                        "operator",
                        () -> List.copyOf(addresses),
                        Optional.empty(),
                        home.resolve("feed/last"),
                        QUICK));
    }

    private static Ear listen(RemoteFeed feed) {
        var ear = new Ear();
        var _ = feed.subscribe(ear);
        return ear;
    }

    private static void report(RemoteFeed feed) {
        feed.report(
                new LoadReport(
                        "gw",
                        List.of(new RevisionLoad(new ServiceId("team", "iris"), "r1", 2, 4, 0))));
    }

    private static boolean heard(FakeOperator operator) {
        return operator.reports.stream().anyMatch(r -> r.revisions().size() == 1);
    }

    private static boolean connected(RemoteFeed feed) {
        return feed.state().orElseThrow().connected();
    }

    private static long reconnects(RemoteFeed feed) {
        return feed.state().orElseThrow().reconnects();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not in time: " + what).isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
