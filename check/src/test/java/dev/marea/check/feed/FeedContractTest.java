package dev.marea.check.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.app.platform.RouteLink;
import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.spec.ServiceId;
import dev.marea.gateway.RouteFeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway may rely on, however it is joined to its operator. */
class FeedContractTest {
    private static final Route IRIS = FeedWorld.route(FeedWorld.IRIS, 2, 8001, 8002);
    private static final Route WINE = FeedWorld.route(new ServiceId("team", "wine"), 0, 8003);

    @Nested
    class InMemory extends Contract {
        @Override
        RouteFeed join(Book book) {
            return new RouteLink(book);
        }

        @Override
        void leave() {}
    }

    @Nested
    class OverASocket extends Contract {
        @TempDir Path home;
        private final List<AutoCloseable> parts = new CopyOnWriteArrayList<>();

        @Override
        RouteFeed join(Book book) throws IOException {
            var world = new FeedWorld(home);
            var operator = world.operator("op", book);
            var feed = world.feed("gw");
            parts.addAll(List.of(feed, operator, world));
            return feed;
        }

        @Override
        void leave() throws Exception {
            for (var part : parts) {
                part.close();
            }
        }
    }

    @Timeout(60)
    abstract static class Contract {
        private final Book book = new Book();
        private final List<RouteTable> tables = new CopyOnWriteArrayList<>();

        @SuppressWarnings("NullAway.Init")
        private RouteFeed feed;

        abstract RouteFeed join(Book book) throws IOException;

        abstract void leave() throws Exception;

        @BeforeEach
        void join() throws IOException {
            book.write(IRIS);
            feed = join(book);
        }

        @AfterEach
        void end() throws Exception {
            leave();
        }

        @Test
        void theTableThatStandsIsToldAndThenEveryNewerOne() throws Exception {
            try (var _ = feed.subscribe(tables::add)) {
                awaitTable(IRIS);
                book.write(IRIS, WINE);
                awaitTable(IRIS, WINE);
                book.write(WINE);
                awaitTable(WINE);
                assertThat(tables).extracting(RouteTable::version).isSorted();
            }
        }

        @Test
        void whoSubscribesLaterHearsWhatStandsAtOnce() throws Exception {
            try (var _ = feed.subscribe(tables::add)) {
                awaitTable(IRIS);
            }
            var later = new CopyOnWriteArrayList<RouteTable>();
            try (var _ = feed.subscribe(later::add)) {
                assertThat(later).hasSize(1);
                assertThat(later.getFirst().routes()).containsExactly(IRIS);
            }
        }

        @Test
        void whoHasUnsubscribedHearsNothing() throws Exception {
            feed.subscribe(tables::add).close();
            var others = new CopyOnWriteArrayList<RouteTable>();
            try (var _ = feed.subscribe(others::add)) {
                tables.clear();
                book.write(WINE);
                FeedWorld.await(
                        "the others hear",
                        () -> !others.isEmpty() && others.getLast().routes().equals(List.of(WINE)));
            }
            assertThat(tables).isEmpty();
        }

        @Test
        void aBurstEndsInTheNewestState() throws Exception {
            try (var _ = feed.subscribe(tables::add)) {
                awaitTable(IRIS);
                for (int i = 0; i < 200; i++) {
                    book.write(IRIS, FeedWorld.route(WINE.service(), i, 8003));
                }
                awaitTable(IRIS, FeedWorld.route(WINE.service(), 199, 8003));
            }
        }

        @Test
        void loadReachesTheOperator() throws Exception {
            try (var _ = feed.subscribe(tables::add)) {
                awaitTable(IRIS);
                var report =
                        new LoadReport(
                                "gw",
                                List.of(new RevisionLoad(FeedWorld.IRIS, "iris-00001", 1.5, 3, 1)));
                feed.report(report);
                FeedWorld.await("it is heard", () -> book.reports.contains(report));
            }
        }

        private void awaitTable(Route... routes) {
            FeedWorld.await(
                    "the table",
                    () -> !tables.isEmpty() && tables.getLast().routes().equals(List.of(routes)));
        }
    }
}
