package dev.marea.wire.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A server's certificate in use; {@link #replace} changes it for new connections while the door
 * stays open.
 */
public final class ServerTls {
    private final List<String> protocols;
    private volatile SslContext context;

    private ServerTls(List<String> protocols, Certificates.Pem pem, Optional<String> clients)
            throws IOException {
        this.protocols = protocols;
        this.context = context(protocols, pem, clients);
    }

    /** Offers HTTP/1.1. */
    public static ServerTls of(Certificates.Pem pem) throws IOException {
        return new ServerTls(List.of("http/1.1"), pem, Optional.empty());
    }

    /** Offers HTTP/2 first, which clients then prefer. */
    public static ServerTls withHttp2(Certificates.Pem pem) throws IOException {
        return new ServerTls(List.of("h2", "http/1.1"), pem, Optional.empty());
    }

    /**
     * Offers HTTP/1.1 to clients that show a certificate, and to nobody else.
     *
     * @param trust the roots that vouch for clients, as PEM
     */
    public static ServerTls mutual(Certificates.Pem pem, String trust) throws IOException {
        return new ServerTls(List.of("http/1.1"), pem, Optional.of(trust));
    }

    /** For a server that asks nothing of its clients. */
    public void replace(Certificates.Pem pem) throws IOException {
        context = context(protocols, pem, Optional.empty());
    }

    /** For a server that asks its clients for a certificate. */
    public void replace(Certificates.Pem pem, String trust) throws IOException {
        context = context(protocols, pem, Optional.of(trust));
    }

    SslHandler handler(ByteBufAllocator alloc) {
        return context.newHandler(alloc);
    }

    private static SslContext context(
            List<String> protocols, Certificates.Pem pem, Optional<String> clients)
            throws IOException {
        try {
            var builder =
                    SslContextBuilder.forServer(stream(pem.chain()), stream(pem.key()))
                            .sslProvider(SslProvider.JDK)
                            .protocols("TLSv1.3", "TLSv1.2")
                            .applicationProtocolConfig(alpn(protocols));
            clients.ifPresent(
                    trust -> builder.trustManager(stream(trust)).clientAuth(ClientAuth.REQUIRE));
            return builder.build();
        } catch (IllegalArgumentException bad) {
            throw new IOException("not a certificate chain and its PKCS#8 key in PEM", bad);
        }
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                protocols);
    }

    static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
