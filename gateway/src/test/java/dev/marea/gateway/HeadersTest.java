package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CRLF
class HeadersTest {
    private final Rig rig = new Rig();
    private final Replica iris =
            new Replica(
                    "iris-a",
                    (_, socket) -> {
                        Replica.write(
                                socket,
                                "HTTP/1.1 200 OK\r\nConnection: X-Private, close\r\nX-Private: 1\r\n"
                                        + "Keep-Alive: timeout=5\r\nX-Public: 2\r\nContent-Length: 0\r\n\r\n");
                        return false;
                    });

    @AfterEach
    void close() {
        rig.close();
        iris.close();
    }

    @Test
    void nobodyPosesAsTheEdgeAndWhatWasMeantForThisHopEndsHere() throws IOException {
        var answer =
                call(
                        "X-Forwarded-For: 9.9.9.9\r\nx-FORWARDED-host: evil\r\nForwarded: for=evil\r\n"
                                + "X-Real-IP: 9.9.9.9\r\nkubeflow-userid: admin\r\nKnative-Serving-Tag: x\r\n"
                                + "K-Proxy-Request: activator\r\nx-gateway-model-name: x\r\nKServe-Isvc-Name: other\r\n"
                                + "x-marea-anything: x\r\nProxy-Authorization: x\r\nUpgrade: h2c\r\nTE: trailers\r\n"
                                + "Connection: close, X-Hop\r\nX-Hop: 1\r\nX-Mine: 1\r\nAuthorization: Bearer t\r\n");
        var headers = iris.seen.getFirst().headers();
        assertThat(headers)
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("x-forwarded-host", "iris-default.localhost:8080")
                .containsEntry("x-forwarded-proto", "http")
                .containsEntry("kserve-isvc-name", "iris")
                .containsEntry("kserve-isvc-namespace", "default")
                .containsEntry("host", "127.0.0.1:" + iris.port())
                .containsEntry("x-mine", "1")
                .containsEntry("authorization", "Bearer t")
                .containsKey("x-request-id")
                .hasSize(9);
        assertThat(answer)
                .containsIgnoringCase("x-public: 2")
                .doesNotContainIgnoringCase("x-private")
                .doesNotContainIgnoringCase("keep-alive: timeout");
    }

    @Test
    void aSaneRequestIdIsKeptAndAnotherReplaced() throws IOException {
        assertThat(call("X-Request-Id: abc-123\r\nConnection: close\r\n"))
                .contains("x-request-id: abc-123");
        assertThat(call("X-Request-Id: a b\"c\r\nConnection: close\r\n"))
                .containsPattern("x-request-id: [0-9a-f]{32}");
        assertThat(call("X-Request-Id: " + "a".repeat(129) + "\r\nConnection: close\r\n"))
                .containsPattern("x-request-id: [0-9a-f]{32}");
        assertThat(iris.seen)
                .extracting(s -> s.headers().get("x-request-id"))
                .first()
                .isEqualTo("abc-123");
    }

    private String call(String headers) throws IOException {
        rig.serve(iris);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), rig.gateway.port())) {
            socket.setSoTimeout(10_000);
            Replica.write(
                    socket,
                    "GET /v2 HTTP/1.1\r\nHost: iris-default.localhost:8080\r\n" + headers + "\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
