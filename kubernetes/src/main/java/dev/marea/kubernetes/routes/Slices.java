package dev.marea.kubernetes.routes;

import dev.marea.core.route.RouteTable.Replica;
import dev.marea.kubernetes.objects.Names;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads EndpointSlices: addresses and the port stand there, also where every pod has its own. */
final class Slices {
    private static final String SERVICE = "kubernetes.io/service-name";

    private Slices() {}

    static Optional<RouteBook.Owner> owner(Json.Obj slice) {
        return slice.text("metadata", "labels", SERVICE)
                .map(service ->
                        new RouteBook.Owner(
                                slice.text("metadata", "namespace").orElse(""), service));
    }

    static List<Replica> ready(Json.Obj slice) {
        var port =
                slice.list("ports").stream().filter(p -> p.integer("port").isPresent()).findFirst();
        return port.isEmpty()
                ? List.of()
                : slice.list("endpoints").stream()
                        .filter(Slices::takesRequests)
                        .flatMap(e -> replica(e, port.get()))
                        .toList();
    }

    /** An absent condition means ready, as the API defines it. */
    private static boolean takesRequests(Json endpoint) {
        var ready =
                endpoint.at("conditions", "ready").isEmpty()
                        || endpoint.flag("conditions", "ready");
        return ready && !endpoint.flag("conditions", "terminating");
    }

    private static Stream<Replica> replica(Json endpoint, Json port) {
        return endpoint.list("addresses").stream()
                .flatMap(a -> a instanceof Json.Str(var text) ? Stream.of(text) : Stream.empty())
                .limit(1)
                .map(address ->
                        new Replica(
                                endpoint.text("targetRef", "name").orElse(address),
                                address,
                                (int) port.integer("port").orElseThrow(),
                                port.text("appProtocol").orElse("").equals(Names.H2C)));
    }
}
