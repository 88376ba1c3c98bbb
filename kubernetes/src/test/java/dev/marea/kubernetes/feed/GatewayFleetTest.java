package dev.marea.kubernetes.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.GatewayShare;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatewayFleetTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final AtomicInteger changes = new AtomicInteger();
    private final GatewayFleet fleet = new GatewayFleet(() -> now, changes::incrementAndGet);

    @Test
    void whoReportsHasAPlaceByItsNameWhoeverCameFirst() {
        fleet.heard("gw-b");
        assertThat(fleet.share("gw-b")).isEqualTo(GatewayShare.ALONE);

        fleet.heard("gw-a");
        assertThat(fleet.share("gw-a")).isEqualTo(new GatewayShare(0, 2));
        assertThat(fleet.share("gw-b")).isEqualTo(new GatewayShare(1, 2));
    }

    @Test
    void onlyANewGatewayIsNews() {
        fleet.heard("gw-a");
        fleet.heard("gw-a");
        fleet.heard("gw-b");
        assertThat(changes).hasValue(2);
    }

    @Test
    void aSilentGatewayLeavesItsShareToTheOthers() {
        fleet.heard("gw-a");
        fleet.heard("gw-b");

        now = now.plus(GatewayFleet.SILENCE);
        fleet.heard("gw-b");
        assertThat(fleet.share("gw-b")).isEqualTo(new GatewayShare(1, 2));

        now = now.plusMillis(1);
        assertThat(fleet.share("gw-b")).isEqualTo(GatewayShare.ALONE);
    }
}
