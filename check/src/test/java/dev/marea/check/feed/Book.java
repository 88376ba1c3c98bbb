package dev.marea.check.feed;

import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.scale.LoadReport;
import dev.marea.kubernetes.routes.RouteSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What an operator knows; a test writes it. */
final class Book implements RouteSource {
    final List<LoadReport> reports = new CopyOnWriteArrayList<>();
    private final List<Consumer<RouteTable>> ears = new CopyOnWriteArrayList<>();
    private RouteTable table = RouteTable.EMPTY;

    @Override
    public synchronized AutoCloseable subscribe(Consumer<RouteTable> ear) {
        ears.add(ear);
        ear.accept(table);
        return () -> ears.remove(ear);
    }

    synchronized void write(Route... routes) {
        table = new RouteTable(table.version() + 1, List.of(routes));
        ears.forEach(ear -> ear.accept(table));
    }

    @Override
    public void accept(LoadReport load) {
        reports.add(load);
    }

    /** The gateways that said anything of a busy revision. */
    Stream<String> busyGateways() {
        return reports.stream()
                .filter(r -> r.revisions().stream().anyMatch(l -> l.concurrency() > 0))
                .map(LoadReport::gateway)
                .distinct();
    }
}
