package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The gateways that take requests now, as their own Service's EndpointSlices tell.
 *
 * @param doors in an order of their own, so that equal gateways make equal objects
 */
public record GatewayDoors(List<Door> doors) {
    public static final GatewayDoors NONE = new GatewayDoors(List.of());

    /** As many as the API advises to put into one slice. */
    private static final int DOORS_MAX = 100;

    public GatewayDoors {
        doors = List.copyOf(doors);
    }

    /**
     * One gateway.
     *
     * @param family IPv4 or IPv6
     */
    public record Door(
            String family,
            String address,
            int port,
            Optional<String> node,
            Optional<String> zone) {}

    /** Ready ones only: who is going or not yet here takes no requests. */
    public static GatewayDoors of(Collection<Json.Obj> slices) {
        var doors = new ArrayList<Door>();
        for (var slice : slices) {
            var port = port(slice);
            if (port.isPresent()) {
                slice.list("endpoints").stream()
                        .filter(GatewayDoors::ready)
                        .forEach(e -> doors.addAll(doors(slice, e, port.get())));
            }
        }
        return new GatewayDoors(
                doors.stream()
                        .distinct()
                        .sorted(Comparator.comparing(Door::family).thenComparing(Door::address))
                        .toList());
    }

    public List<Door> of(String family) {
        return doors.stream().filter(d -> d.family().equals(family)).limit(DOORS_MAX).toList();
    }

    public List<String> families() {
        return doors.stream().map(Door::family).distinct().toList();
    }

    /** The gateway's metrics have a port of their own in the same slice. */
    private static Optional<Integer> port(Json slice) {
        var ports = slice.list("ports");
        return ports.stream()
                .filter(p -> p.text("name").filter("http"::equals).isPresent())
                .findFirst()
                .or(() -> ports.stream().findFirst())
                .map(p -> (int) p.integer("port").orElse(Names.DEFAULT_PORT));
    }

    private static boolean ready(Json endpoint) {
        return !endpoint.flag("conditions", "terminating")
                && (endpoint.flag("conditions", "ready")
                        || endpoint.at("conditions", "ready").isEmpty());
    }

    private static List<Door> doors(Json slice, Json endpoint, int port) {
        return endpoint.list("addresses").stream()
                .flatMap(a -> a instanceof Json.Str(var text) ? Stream.of(text) : Stream.empty())
                .map(address ->
                        new Door(
                                slice.text("addressType").orElse("IPv4"),
                                address,
                                port,
                                endpoint.text("nodeName"),
                                endpoint.text("zone")))
                .toList();
    }
}
