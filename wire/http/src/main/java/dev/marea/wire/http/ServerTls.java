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
import java.util.List;

/**
 * A server's certificate in use; {@link #replace} changes it for new connections while the door
 * stays open.
 */
public final class ServerTls {
    private final List<String> protocols;
    private volatile SslContext context;

    private ServerTls(List<String> protocols, Certificates.Pem pem) throws IOException {
        this.protocols = protocols;
        this.context = context(protocols, pem);
    }

    /** Offers HTTP/1.1. */
    public static ServerTls of(Certificates.Pem pem) throws IOException {
        return new ServerTls(List.of("http/1.1"), pem);
    }

    /** Offers HTTP/2 first, which clients then prefer. */
    public static ServerTls withHttp2(Certificates.Pem pem) throws IOException {
        return new ServerTls(List.of("h2", "http/1.1"), pem);
    }

    public void replace(Certificates.Pem pem) throws IOException {
        context = context(protocols, pem);
    }

    SslHandler handler(ByteBufAllocator alloc) {
        return context.newHandler(alloc);
    }

    private static SslContext context(List<String> protocols, Certificates.Pem pem)
            throws IOException {
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
                                    protocols))
                    .build();
        } catch (IllegalArgumentException bad) {
            throw new IOException("not a certificate chain and its PKCS#8 key in PEM", bad);
        }
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
