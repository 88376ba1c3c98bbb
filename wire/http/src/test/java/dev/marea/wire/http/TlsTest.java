package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TlsTest {
    private static final Handler HELLO =
            (request, response) ->
                    response.send(200, Map.of(), request.path().getBytes(StandardCharsets.UTF_8));

    @Test
    void aClientThatTrustsTheRootIsServedByNameAndAddress() throws Exception {
        var issued = Certificates.issue(Instant.now(), List.of("models.example"));
        try (var loops = EventLoops.open(1);
                var server = open(loops, ServerTls.of(issued.server()));
                var client = HttpClient.newBuilder().sslContext(trusting(issued)).build()) {
            assertThat(get(client, "https://localhost:" + server.port() + "/a")).isEqualTo("/a");
            assertThat(get(client, "https://127.0.0.1:" + server.port() + "/b")).isEqualTo("/b");
        }
    }

    @Test
    void http11IsAgreedUponByAlpn() throws Exception {
        var issued = Certificates.issue(Instant.now(), List.of());
        try (var loops = EventLoops.open(1);
                var server = open(loops, ServerTls.of(issued.server()));
                var socket = connect(issued, server)) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();

            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void aRefusalOverTlsIsReadableAndThenTheConnectionEnds() throws Exception {
        var issued = Certificates.issue(Instant.now(), List.of());
        try (var loops = EventLoops.open(1);
                var server = open(loops, ServerTls.of(issued.server()));
                var socket = connect(issued, server)) {
            socket.getOutputStream().write("BAD\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void aReplacedCertificateIsShownToNewConnections() throws Exception {
        var first = Certificates.issue(Instant.now(), List.of());
        var second = Certificates.issue(Instant.now(), List.of());
        var tls = ServerTls.of(first.server());
        try (var loops = EventLoops.open(1);
                var server = open(loops, tls)) {
            tls.replace(second.server());

            handshake(second, server);
            assertThatThrownBy(() -> handshake(first, server))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void filesAreReadBackAndTheKeyIsPrivate(@TempDir Path home) throws IOException {
        var now = Instant.now();
        var issued = Certificates.issue(now, List.of());
        issued.server().write(home.resolve("tls.crt"), home.resolve("tls.key"));

        var read = Certificates.Pem.read(home.resolve("tls.crt"), home.resolve("tls.key"));

        assertThat(read).isEqualTo(issued.server());
        assertThat(read.validUntil())
                .isEqualTo(now.plus(Duration.ofDays(365)).truncatedTo(ChronoUnit.SECONDS));
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(home.resolve("tls.key"))))
                .isEqualTo("rw-------");
        assertThat(read.toString()).doesNotContain("PRIVATE");
    }

    @Test
    void textThatIsNoCertificateIsRefused() {
        assertThatThrownBy(() -> ServerTls.of(new Certificates.Pem("x", "y")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PEM");
    }

    private static HttpServer open(EventLoops loops, ServerTls tls) throws IOException {
        return HttpServer.open(DoorSettings.of(loops, "127.0.0.1", 0).with(tls), HELLO);
    }

    private static String get(HttpClient client, String url) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static SSLSocket connect(Certificates.Issued issued, HttpServer server)
            throws Exception {
        var socket =
                (SSLSocket)
                        trusting(issued)
                                .getSocketFactory()
                                .createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(5_000);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static void handshake(Certificates.Issued issued, HttpServer server) throws Exception {
        try (var socket = connect(issued, server)) {
            socket.startHandshake();
        }
    }

    static SSLContext trusting(Certificates.Issued issued) throws Exception {
        var root =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        issued.authority().getBytes(StandardCharsets.US_ASCII)));
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("root", root);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
