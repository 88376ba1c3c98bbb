package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our health client against gRPC's own server. */
@Timeout(30)
class GrpcHealthTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** The server as a whole is well, {@code sick} is not, {@code slow} never answers. */
    private static void check(byte[] request, StreamObserver<byte[]> answer) {
        switch (new String(request, StandardCharsets.UTF_8)) {
            case "" -> {
                answer.onNext(new byte[] {0x08, 1});
                answer.onCompleted();
            }
            case "\n\u0004sick" -> {
                answer.onNext(new byte[] {0x08, 2});
                answer.onCompleted();
            }
            case "\n\u0004slow" -> {}
            default ->
                    answer.onError(
                            Status.NOT_FOUND.withDescription("unknown service").asException());
        }
    }

    private static Server server(String service) throws IOException {
        var method =
                MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
                        .setFullMethodName(service + "/Check")
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .build();
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(
                        ServerServiceDefinition.builder(service)
                                .addMethod(
                                        method, ServerCalls.asyncUnaryCall(GrpcHealthTest::check))
                                .build())
                .build()
                .start();
    }

    private static Optional<String> ask(int port, String service, Duration timeout)
            throws IOException {
        return GrpcHealth.check(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), service, timeout);
    }

    @Test
    void aServerThatServesIsWellAndOthersSayWhyNot() throws IOException {
        var server = server("grpc.health.v1.Health");
        try {
            assertThat(ask(server.getPort(), "", LONG)).isEmpty();
            assertThat(ask(server.getPort(), "sick", LONG))
                    .contains("service unhealthy (responded with \"NOT_SERVING\")");
            assertThat(ask(server.getPort(), "stranger", LONG))
                    .contains("health rpc failed with status 5: unknown service");
            assertThat(ask(server.getPort(), "x".repeat(300), LONG)).isPresent();
            assertThat(ask(server.getPort(), "slow", Duration.ofMillis(200)))
                    .contains("health rpc did not complete within 200 ms");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void aServerWithoutTheProtocolSaysSo() throws IOException {
        var server = server("another.Service");
        try {
            assertThat(ask(server.getPort(), "", LONG).orElseThrow())
                    .contains("does not implement the gRPC health protocol");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void aServerOfHttp11IsNoHealthyOne() throws Exception {
        try (var loops = EventLoops.open(1);
                var server =
                        HttpServer.open(
                                DoorSettings.of(loops, "127.0.0.1", 0),
                                (_, response) -> response.send(200, Map.of(), new byte[2]))) {
            assertThat(ask(server.port(), "", LONG))
                    .contains("health rpc failed: the answer is no gRPC (HTTP status 200)");
        }
        try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerPlainly(plain));
            assertThatThrownBy(() -> ask(plain.getLocalPort(), "", LONG))
                    .hasMessage("health rpc failed: the port does not speak HTTP/2");
        }
    }

    private static void answerPlainly(ServerSocket listening) {
        try (var socket = listening.accept()) {
            socket.getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readNBytes(1_000);
        } catch (IOException _) {
            // the asker has gone
        }
    }
}
