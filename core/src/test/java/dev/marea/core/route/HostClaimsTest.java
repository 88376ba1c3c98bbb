package dev.marea.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.HostClaims.Claimant;
import dev.marea.core.spec.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostClaimsTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    void theSecondToWantAHostWaitsUntilTheFirstIsGone() {
        var claims = new HostClaims();
        var first = claimant("a-b", "c", 0);
        var second = claimant("a", "b-c", 1);

        assertThat(claims.claim(first, List.of("a-b-c.x", "own.x")).taken()).isEmpty();
        var verdict = claims.claim(second, List.of("a-b-c.x", "other.x"));
        assertThat(verdict.held()).containsExactly("other.x");
        assertThat(verdict.taken()).containsExactly(Map.entry("a-b-c.x", first.service()));

        assertThat(claims.release(first.service())).containsExactly(second.service());
        assertThat(claims.claim(second, List.of("a-b-c.x", "other.x")).taken()).isEmpty();
    }

    @Test
    void whoeverIsSeenFirstAfterARestartTheOlderOneHolds() {
        var claims = new HostClaims();
        claims.claim(claimant("young", "x", 5), List.of("h"));
        assertThat(claims.claim(claimant("old", "x", 1), List.of("h")).held()).containsExactly("h");
        assertThat(claims.claim(claimant("young", "x", 5), List.of("h")).taken()).containsKey("h");
    }

    @Test
    void aHostThatIsNotWantedAnyMoreIsFree() {
        var claims = new HostClaims();
        claims.claim(claimant("one", "x", 1), List.of("h", "i"));
        claims.claim(claimant("one", "x", 1), List.of("i"));
        assertThat(claims.claim(claimant("two", "x", 2), List.of("h", "i")).held())
                .containsExactly("h");
    }

    /** Whatever is created and deleted: a holder holds until it goes itself, restarts included. */
    @Test
    void aHostNeverMovesWhileItsHolderLives() {
        for (int seed = 0; seed < 300; seed++) {
            new World(seed).live(120);
        }
    }

    /** Services that come and go, with hosts that clash often. */
    private static final class World {
        private final long seed;
        private final Random chance;
        private final Map<ServiceId, Set<String>> wants = new LinkedHashMap<>();
        private final Map<ServiceId, Instant> born = new HashMap<>();
        private final Map<ServiceId, Boolean> told = new HashMap<>();
        private Map<String, ServiceId> holders = new HashMap<>();
        private HostClaims claims = new HostClaims();
        private int seconds;

        World(long seed) {
            this.seed = seed;
            this.chance = new Random(seed);
        }

        void live(int steps) {
            for (int i = 0; i < steps; i++) {
                var gone = Set.<ServiceId>of();
                switch (chance.nextInt(5)) {
                    case 0, 1 -> create(i);
                    case 2 -> gone = delete();
                    case 3 -> restart();
                    default -> seconds += chance.nextInt(2);
                }
                judge(gone, i);
            }
        }

        private void create(int number) {
            var id = new ServiceId("n", "s" + number);
            var hosts = new HashSet<String>();
            for (int k = 0; k < 3; k++) {
                hosts.add("h" + chance.nextInt(8));
            }
            wants.put(id, hosts);
            born.put(id, NOON.plusSeconds(seconds));
            told.put(id, false);
        }

        private Set<ServiceId> delete() {
            var all = List.copyOf(wants.keySet());
            if (all.isEmpty()) {
                return Set.of();
            }
            var id = all.get(chance.nextInt(all.size()));
            wants.remove(id);
            claims.release(id);
            return Set.of(id);
        }

        private void restart() {
            claims = new HostClaims();
            var order = new ArrayList<>(wants.keySet());
            Collections.shuffle(order, chance);
            order.forEach(this::claim);
        }

        private Instant born(ServiceId id) {
            return born.getOrDefault(id, NOON);
        }

        private HostClaims.Verdict claim(ServiceId id) {
            return claims.claim(
                    new Claimant(id, born(id), Boolean.TRUE.equals(told.get(id))),
                    wants.getOrDefault(id, Set.of()));
        }

        private void judge(Set<ServiceId> gone, int step) {
            var now = new HashMap<String, ServiceId>();
            for (var id : List.copyOf(wants.keySet())) {
                var verdict = claim(id);
                verdict.held().forEach(host -> now.put(host, id));
                told.put(id, !verdict.taken().isEmpty());
            }
            holders.forEach((host, before) -> {
                // Two of one second that each lost something are told apart by nobody.
                if (!gone.contains(before) && unique(host, before)) {
                    assertThat(now.get(host))
                            .describedAs("seed %d, step %d, host %s", seed, step, host)
                            .isEqualTo(before);
                }
            });
            holders = now;
        }

        private boolean unique(String host, ServiceId holder) {
            return wants.entrySet().stream()
                    .filter(w -> w.getValue().contains(host) && !w.getKey().equals(holder))
                    .noneMatch(w -> born(w.getKey()).equals(born(holder)));
        }
    }

    private static Claimant claimant(String name, String namespace, int second) {
        return new Claimant(new ServiceId(namespace, name), NOON.plusSeconds(second), false);
    }
}
