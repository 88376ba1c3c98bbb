package dev.marea.kubernetes.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyringTest {
    private static final Instant START = Instant.parse("2026-11-25T09:00:00Z");
    private static final List<String> NAMES = List.of("marea-webhook.marea-system.svc");

    private Keyring first;

    @BeforeEach
    void aFreshKeyring() throws IOException {
        first = Keyring.first(after(Duration.ZERO));
    }

    private static Keyring.Moment after(Duration time) {
        return new Keyring.Moment(START.plus(time), Terms.DEFAULT, NAMES);
    }

    private static Keyring.Moment afterDays(int days) {
        return after(Duration.ofDays(days));
    }

    @Test
    void aFreshKeyringVouchesForBothAndTrustsItself() throws IOException {
        assertThat(first.root().issued(first.serving())).isTrue();
        assertThat(first.root().issued(first.client())).isTrue();
        assertThat(first.trust()).isEqualTo(first.root().pem().chain());
        assertThat(first.serving().dnsNames()).containsAll(NAMES);
    }

    @Test
    void nothingChangesBeforeSomethingIsDue() throws IOException {
        assertThat(first.at(afterDays(44))).isEqualTo(first);
    }

    @Test
    void leavesAreRenewedHalfWayByTheSameRoot() throws IOException {
        var renewed = first.at(afterDays(45));

        assertThat(renewed.root()).isEqualTo(first.root());
        assertThat(renewed.serving()).isNotEqualTo(first.serving());
        assertThat(renewed.client()).isNotEqualTo(first.client());
        assertThat(renewed.trust()).isEqualTo(first.trust());
    }

    @Test
    void aDoorThatGotAnotherNameIsRenewedAtOnce() throws IOException {
        var more = new Keyring.Moment(START, Terms.DEFAULT, List.of("other.svc"));
        var renewed = first.at(more);

        assertThat(renewed.serving().dnsNames()).contains("other.svc");
        assertThat(renewed.client()).isEqualTo(first.client());
    }

    @Test
    void aSuccessorIsTrustedBeforeItSigns() throws IOException {
        var before = first.at(afterDays(240));
        var both = before.at(afterDays(245));
        var stillBoth = both.at(after(Duration.ofDays(245).plusMinutes(59)));
        var after = stillBoth.at(after(Duration.ofDays(245).plusMinutes(60)));

        assertThat(both.serving()).isEqualTo(before.serving());
        assertThat(both.trust()).startsWith(before.trust()).hasSizeGreaterThan(1000);
        assertThat(stillBoth).isEqualTo(both);
        assertThat(after.root()).isEqualTo(both.next().orElseThrow().root());
        assertThat(after.root().issued(after.serving())).isTrue();
        assertThat(after.root().issued(after.client())).isTrue();
        assertThat(after.trust())
                .contains(first.root().pem().chain())
                .contains(after.root().pem().chain());
    }

    @Test
    void theFormerRootIsForgottenAtItsEnd() throws IOException {
        var rotated = first.at(afterDays(245)).at(afterDays(246));

        assertThat(rotated.at(afterDays(364)).former()).isPresent();
        assertThat(rotated.at(afterDays(365)).former()).isEmpty();
    }

    @Test
    void whatIsShownWasTrustedAnHourAgoAndHasNotEnded() throws IOException {
        var brief =
                new Terms(
                        Duration.ofDays(20),
                        Duration.ofDays(8),
                        Duration.ofHours(1),
                        Duration.ofDays(5),
                        Duration.ofDays(2));
        var ring = Keyring.first(new Keyring.Moment(START, brief, NAMES));
        var trustAnHourAgo = ring.trust();
        for (int hour = 1; hour < 60 * 24; hour++) {
            var now = START.plus(Duration.ofHours(hour));
            ring = ring.at(new Keyring.Moment(now, brief, NAMES));

            assertThat(trustAnHourAgo).as("hour %d", hour).contains(ring.root().pem().chain());
            assertThat(ring.serving().validUntil()).as("hour %d", hour).isAfter(now);
            trustAnHourAgo = ring.trust();
        }
        assertThat(ring.root()).isNotEqualTo(first.root());
    }

    @Test
    void aClusterThatSleptTooLongGetsNewOnes() throws IOException {
        var woken = first.at(afterDays(400));

        assertThat(woken.root()).isNotEqualTo(first.root());
        assertThat(woken.former()).isEmpty();
        assertThat(woken.serving().validUntil()).isAfter(START.plus(Duration.ofDays(400)));
    }

    @Test
    void aClusterThatSleptThroughASuccessionTakesTheSuccessor() throws IOException {
        var both = first.at(afterDays(245));

        assertThat(both.at(afterDays(366)).root()).isEqualTo(both.next().orElseThrow().root());
    }

    @Test
    void nothingOutlivesItsRoot() throws IOException {
        var late = first.at(afterDays(340));

        assertThat(late.serving().validUntil()).isBeforeOrEqualTo(first.root().pem().validUntil());
        assertThat(late.at(after(Duration.ofDays(340).plusSeconds(5)))).isEqualTo(late);
    }

    @Test
    void aSecretKeepsItWhole() throws IOException {
        var both = first.at(afterDays(245));
        var rotated = both.at(afterDays(246));

        assertThat(stored(first)).isEqualTo(first);
        assertThat(stored(both)).isEqualTo(both);
        assertThat(stored(rotated)).isEqualTo(rotated);
        assertThat(KeyringSecret.papers(Json.Obj.of("data", KeyringSecret.data(both))))
                .isEqualTo(both.papers());
    }

    private static Keyring stored(Keyring ring) throws IOException {
        return KeyringSecret.read(Json.Obj.of("data", KeyringSecret.data(ring)));
    }

    @Test
    void aDamagedSecretSaysWhatIsMissing() {
        assertThatThrownBy(() -> KeyringSecret.read(Json.Obj.of("data", Json.Obj.EMPTY)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("root.crt");
    }
}
