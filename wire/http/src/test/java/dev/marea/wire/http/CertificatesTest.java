package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificatesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MONTH = Duration.ofDays(30);

    @Test
    void aRootVouchesForWhatItSignedAndForNothingElse() throws Exception {
        var root = Certificates.Root.make(NOW, YEAR);
        var other = Certificates.Root.make(NOW, YEAR);
        var server = root.server(NOW, MONTH, List.of("marea-webhook.marea-system.svc"));

        assertThat(root.issued(server)).isTrue();
        assertThat(other.issued(server)).isFalse();
        assertThat(server.validUntil()).isEqualTo(NOW.plus(MONTH));
        assertThat(server.dnsNames())
                .containsExactlyInAnyOrder("localhost", "marea-webhook.marea-system.svc");
    }

    @Test
    void aClientsCertificateHasNoNames() throws Exception {
        var client = Certificates.Root.make(NOW, YEAR).client(NOW, MONTH, "marea-gateway");

        assertThat(client.dnsNames()).isEmpty();
    }

    @Test
    void aKeyThatIsNoKeyIsRefused() {
        var root = Certificates.Root.make(NOW, YEAR);
        var broken = new Certificates.Root(new Certificates.Pem(root.pem().chain(), "no key"));

        assertThatThrownBy(() -> broken.client(NOW, MONTH, "marea-gateway"))
                .hasMessageContaining("PKCS#8 key in PEM");
    }

    @Test
    void keysAreNeverShown() {
        assertThat(Certificates.Root.make(NOW, YEAR).toString()).doesNotContain("PRIVATE");
    }
}
