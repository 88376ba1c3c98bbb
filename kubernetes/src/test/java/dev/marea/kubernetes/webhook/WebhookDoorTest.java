package dev.marea.kubernetes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.kubernetes.api.Installation;
import dev.marea.wire.http.Certificates;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.http.ServerTls;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The door as an API server finds it: over TLS, by a certificate that it was told to trust. */
@Timeout(30)
class WebhookDoorTest {
    private Certificates.Issued issued;
    private ServerTls tls;
    private EventLoops loops;
    private WebhookDoor door;
    private HttpClient client;

    @BeforeEach
    void open() throws Exception {
        issued = Certificates.issue(Instant.now(), List.of());
        tls = ServerTls.withHttp2(issued.server());
        loops = EventLoops.open(1);
        door =
                WebhookDoor.open(
                        new Installation("marea-system", "test", loops, 0, 0, Set.of()),
                        tls,
                        new Asked().judge());
        client = trusting(issued.authority());
    }

    @AfterEach
    void close() {
        client.close();
        door.close();
        loops.close();
    }

    private static HttpClient trusting(String root) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "root",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        root.getBytes(StandardCharsets.US_ASCII))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    private HttpResponse<String> ask(HttpClient asking, String path, byte[] body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + door.port() + path))
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        return asking.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private Json review(Json.Obj object) throws Exception {
        // As an API server asks, with the timeout that it grants.
        var answer = ask(client, "/validate?timeout=5s", JsonWriter.bytes(Asked.created(object)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        return JsonReader.read(answer.body());
    }

    @Test
    void aReviewIsAnsweredWithItsUid() throws Exception {
        var answer = review(Asked.service(""));

        assertThat(answer.text("kind")).contains("AdmissionReview");
        assertThat(answer.text("response", "uid")).contains("42");
        assertThat(answer.flag("response", "allowed")).isTrue();
    }

    @Test
    void aRefusalIsAnAnswerToo() throws Exception {
        var answer = review(Asked.service("minReplicas: 5, maxReplicas: 2"));

        assertThat(answer.flag("response", "allowed")).isFalse();
        assertThat(answer.text("response", "status", "message").orElse(""))
                .contains("spec.predictor.minReplicas");
    }

    @Test
    void whatCannotBeReadIsRefusedAndTheNextReviewIsAnswered() throws Exception {
        assertThat(ask(client, "/validate", "{".getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(400);
        assertThat(ask(client, "/validate", "{}".getBytes(StandardCharsets.UTF_8)).body())
                .contains("an AdmissionReview of admission.k8s.io/v1 is expected");
        assertThat(ask(client, "/other", new byte[0]).statusCode()).isEqualTo(404);
        assertThat(review(Asked.service("")).flag("response", "allowed")).isTrue();
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        assertThat(ask(client, "/validate", new byte[(8 << 20) + 1]).statusCode()).isEqualTo(413);
        assertThat(review(Asked.service("")).flag("response", "allowed")).isTrue();
    }

    @Test
    void aNewCertificateIsShownWithoutAnEnd() throws Exception {
        var next = Certificates.issue(Instant.now(), List.of());
        review(Asked.service(""));
        tls.replace(next.server());
        var body = JsonWriter.bytes(Asked.created(Asked.service("")));
        try (var late = trusting(issued.authority());
                var told = trusting(next.authority())) {
            assertThat(ask(told, "/validate", body).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> ask(late, "/validate", body)).isInstanceOf(IOException.class);
        }
        assertThat(ask(client, "/validate", body).statusCode())
                .as("who is connected stays so, or comes back once told")
                .isEqualTo(200);
    }
}
