package dev.marea.wire.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A server's certificate in use; {@link #replace} changes it for new connections while the door
 * stays open.
 */
public final class ServerTls {
    private volatile SslContext context;

    private ServerTls(SslContext context) {
        this.context = context;
    }

    public static ServerTls of(Certificates.Pem pem) throws IOException {
        return new ServerTls(context(pem));
    }

    public void replace(Certificates.Pem pem) throws IOException {
        context = context(pem);
    }

    SslHandler handler(ByteBufAllocator alloc) {
        return context.newHandler(alloc);
    }

    private static SslContext context(Certificates.Pem pem) throws IOException {
        try {
            return SslContextBuilder.forServer(stream(pem.chain()), stream(pem.key()))
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .applicationProtocolConfig(
                            new ApplicationProtocolConfig(
                                    ApplicationProtocolConfig.Protocol.ALPN,
                                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                    ApplicationProtocolConfig.SelectedListenerFailureBehavior
                                            .ACCEPT,
                                    "http/1.1"))
                    .build();
        } catch (IllegalArgumentException bad) {
            throw new IOException("not a certificate chain and its PKCS#8 key in PEM", bad);
        }
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
