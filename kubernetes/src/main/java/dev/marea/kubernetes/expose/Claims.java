package dev.marea.kubernetes.expose;

import dev.marea.core.route.HostClaims;
import dev.marea.core.route.HostClaims.Claimant;
import dev.marea.core.route.HostClaims.Verdict;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Who holds which host, over all services that exist. All of them claim before the first is
 * answered, so that neither a restart nor a new domain gives a host to whoever is looked at first.
 */
final class Claims {
    private HostClaims claims = new HostClaims();
    private boolean seeded;

    /** The hosts that a service would like to have. */
    interface Wishes extends Function<Json.Obj, List<String>> {}

    synchronized Verdict claim(Json.Obj tree, Wishes wishes, Services services) {
        if (!seeded) {
            seed(wishes, services.all());
        }
        return claims.claim(claimant(tree), wishes.apply(tree));
    }

    /** Returns who waited for a host of the one that is gone. */
    synchronized Set<ServiceId> release(ServiceId service) {
        return claims.release(service);
    }

    /** Other hosts are in force from now on. */
    synchronized void forget() {
        claims = new HostClaims();
        seeded = false;
    }

    private void seed(Wishes wishes, Stream<Json.Obj> all) {
        all.forEach(tree -> claims.claim(claimant(tree), wishes.apply(tree)));
        seeded = true;
    }

    private static Claimant claimant(Json.Obj tree) {
        var lost =
                tree.list("status", "conditions").stream()
                        .filter(c -> c.text("type").filter("HostConflict"::equals).isPresent())
                        .anyMatch(c -> c.text("status").filter("True"::equals).isPresent());
        return new Claimant(Services.id(tree), created(tree), lost);
    }

    private static Instant created(Json.Obj tree) {
        try {
            return tree.text("metadata", "creationTimestamp")
                    .map(Instant::parse)
                    .orElse(Instant.MAX);
        } catch (DateTimeException odd) {
            return Instant.MAX;
        }
    }
}
