package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.http.Certificates.Pem;
import dev.marea.wire.http.Certificates.Root;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // what a closed channel loses shows in the answer
class MutualTlsTest {
    private static final String NAME = "marea-operator-feed.marea-system.svc";
    private static final Duration DAY = Duration.ofDays(1);

    private static Instant now;
    private static Root root;
    private static Root stranger;
    private static EventLoops loops;

    @BeforeAll
    static void open() {
        loops = EventLoops.open(1);
        now = Instant.now();
        root = Root.make(now, DAY);
        stranger = Root.make(now, DAY);
    }

    @AfterAll
    static void close() {
        loops.close();
    }

    @Test
    void whoShowsACertificateOfTheRootIsServed() throws Exception {
        try (var server = server(tls(root))) {
            assertThat(ask(server, client(root), NAME)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aClientOfAnotherRootIsNotServed() throws Exception {
        try (var server = server(tls(root))) {
            var unknown = ClientTls.of(clientPem(stranger), trust(root));
            assertThat(ask(server, unknown, NAME)).isEmpty();
        }
    }

    @Test
    void aServersCertificateIsNoClients() throws Exception {
        try (var server = server(tls(root))) {
            var impostor = ClientTls.of(serverPem(root), trust(root));
            assertThat(ask(server, impostor, NAME)).isEmpty();
        }
    }

    @Test
    void aServerOfAnotherNameOrRootIsNotTrusted() throws Exception {
        try (var server = server(tls(root))) {
            assertThatThrownBy(() -> ask(server, client(root), "elsewhere.svc"))
                    .isInstanceOf(ExecutionException.class);
            var other = ClientTls.of(clientPem(root), trust(stranger));
            assertThatThrownBy(() -> ask(server, other, NAME))
                    .isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void aNewRootIsTrustedWhileTheDoorStaysOpen() throws Exception {
        var tls = tls(root);
        try (var server = server(tls)) {
            tls.replace(serverPem(root), trust(root) + trust(stranger));
            var next = ClientTls.of(clientPem(stranger), trust(root));
            assertThat(ask(server, next, NAME)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void textThatIsNoCertificateIsRefused() {
        assertThatThrownBy(() -> ClientTls.of(new Pem("x", "y"), "z"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PEM");
    }

    private static ServerTls tls(Root of) throws IOException {
        return ServerTls.mutual(serverPem(of), trust(of));
    }

    private static ClientTls client(Root of) throws IOException {
        return ClientTls.of(clientPem(of), trust(of));
    }

    private static Pem serverPem(Root of) throws IOException {
        return of.server(now, DAY, List.of(NAME));
    }

    private static Pem clientPem(Root of) throws IOException {
        return of.client(now, DAY, "marea-gateway");
    }

    private static String trust(Root of) {
        return of.pem().chain();
    }

    private static HttpServer server(ServerTls tls) throws IOException {
        return HttpServer.open(
                DoorSettings.of(loops, "127.0.0.1", 0).with(tls),
                (_, response) -> response.send(200, Map.of(), new byte[0]));
    }

    /** What comes back until the end; a server that refuses our certificate just ends. */
    private static String ask(HttpServer server, ClientTls tls, String name) throws Exception {
        var answer = new Gathered();
        // Not asked of the pipeline, which a refused handshake empties at once.
        var handshake = new CompletableFuture<SslHandler>();
        var channel =
                new Bootstrap()
                        .group(loops.group())
                        .channel(loops.clientChannel())
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel c) {
                                        var handler = tls.handler(c.alloc(), name, server.port());
                                        handshake.complete(handler);
                                        c.pipeline().addLast(handler, answer);
                                    }
                                })
                        .connect("127.0.0.1", server.port())
                        .sync()
                        .channel();
        handshake.get().handshakeFuture().get(10, TimeUnit.SECONDS);
        channel.writeAndFlush(
                Unpooled.copiedBuffer(
                        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                        StandardCharsets.US_ASCII));
        channel.closeFuture().await(10, TimeUnit.SECONDS);
        return answer.text();
    }

    private static final class Gathered extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var part = (ByteBuf) message;
            bytes.writeBytes(ByteBufUtil.getBytes(part));
            part.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        String text() {
            return bytes.toString(StandardCharsets.US_ASCII);
        }
    }
}
