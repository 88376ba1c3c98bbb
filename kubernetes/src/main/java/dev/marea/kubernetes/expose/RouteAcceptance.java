package dev.marea.kubernetes.expose;

import dev.marea.core.plan.Exposure;
import dev.marea.core.spec.PlatformConfig.GatewayRef;
import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** Whether a Gateway serves an HTTPRoute, as the route's status tells. */
final class RouteAcceptance {
    private static final List<String> NEEDED = List.of("Accepted", "ResolvedRefs");

    private RouteAcceptance() {}

    static Exposure of(Json.Obj route, GatewayRef gateway) {
        var parent =
                route.list("status", "parents").stream()
                        .filter(p -> isOf(p.object("parentRef"), gateway))
                        .findFirst();
        if (parent.isEmpty()) {
            return Exposure.notYet(
                    "no Gateway %s/%s has taken its HTTPRoute yet"
                            .formatted(gateway.namespace(), gateway.name()));
        }
        var generation = route.integer("metadata", "generation").orElse(0);
        for (var type : NEEDED) {
            var condition = condition(parent.get(), type);
            if (condition.isEmpty()
                    || condition.get().integer("observedGeneration").orElse(generation)
                            < generation) {
                return Exposure.notYet("its HTTPRoute is being taken by the Gateway");
            }
            if (condition.get().text("status").filter("True"::equals).isEmpty()) {
                return Exposure.no(
                        Reason.INGRESS_NOT_ACCEPTED,
                        "Gateway %s/%s refuses its HTTPRoute: %s: %s"
                                .formatted(
                                        gateway.namespace(),
                                        gateway.name(),
                                        condition.get().text("reason").orElse(type),
                                        condition.get().text("message").orElse("")));
            }
        }
        return Exposure.IN_FORCE;
    }

    private static boolean isOf(Json parentRef, GatewayRef gateway) {
        return parentRef.text("name").filter(gateway.name()::equals).isPresent()
                && parentRef.text("namespace").map(gateway.namespace()::equals).orElse(true);
    }

    private static Optional<Json> condition(Json parent, String type) {
        return parent.list("conditions").stream()
                .filter(c -> c.text("type").filter(type::equals).isPresent())
                .findFirst();
    }
}
