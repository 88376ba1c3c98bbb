package dev.marea.gateway.feed;

import dev.marea.wire.http.Certificates.Pem;
import dev.marea.wire.http.ClientTls;
import dev.marea.wire.http.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens connections to operators, each with the certificate that lies on disk at that moment. */
final class Dial {
    private final EventLoops loops;
    private final FeedSettings settings;
    private @Nullable Read last;

    private record Read(Pem own, String trust, ClientTls tls) {}

    Dial(EventLoops loops, FeedSettings settings) {
        this.loops = loops;
        this.settings = settings;
    }

    /** Fails at once where the certificate cannot be read. */
    ChannelFuture connect(InetSocketAddress operator, ChannelHandler... handlers)
            throws IOException {
        var tls = settings.papers().isPresent() ? Optional.of(tls(settings.papers().get())) : null;
        var timing = settings.timing();
        return new Bootstrap()
                .group(loops.group())
                .channel(loops.clientChannel())
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(timing.connect().toMillis()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                var pipeline = channel.pipeline();
                                if (tls != null) {
                                    pipeline.addLast(
                                            tls.get()
                                                    .handler(
                                                            channel.alloc(),
                                                            settings.serverName(),
                                                            operator.getPort()));
                                }
                                pipeline.addLast(
                                        new HttpClientCodec(),
                                        new ReadTimeoutHandler(
                                                timing.silence().toMillis(),
                                                TimeUnit.MILLISECONDS));
                                pipeline.addLast(handlers);
                            }
                        })
                .connect(operator);
    }

    FullHttpRequest request(HttpMethod method, String target, byte[] body) {
        var request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1, method, target, Unpooled.wrappedBuffer(body));
        request.headers().set(HttpHeaderNames.HOST, settings.serverName());
        if (body.length > 0) {
            request.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return request;
    }

    private ClientTls tls(FeedSettings.Papers papers) throws IOException {
        var own = Pem.read(papers.chain(), papers.key());
        var trust = Files.readString(papers.trust());
        var known = last;
        if (known != null && known.own().equals(own) && known.trust().equals(trust)) {
            return known.tls();
        }
        var tls = ClientTls.of(own, trust);
        last = new Read(own, trust, tls);
        return tls;
    }
}
