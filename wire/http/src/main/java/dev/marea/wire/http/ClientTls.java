package dev.marea.wire.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A client's side of TLS: the certificate it shows and the roots by which it knows servers. */
public final class ClientTls {
    private static final Duration HANDSHAKE = Duration.ofSeconds(3);

    private final SslContext context;

    private ClientTls(SslContext context) {
        this.context = context;
    }

    /**
     * Reads both.
     *
     * @param trust the roots that vouch for servers, as PEM
     */
    public static ClientTls of(Certificates.Pem own, String trust) throws IOException {
        try {
            return new ClientTls(
                    SslContextBuilder.forClient()
                            .sslProvider(SslProvider.JDK)
                            .protocols("TLSv1.3", "TLSv1.2")
                            .keyManager(ServerTls.stream(own.chain()), ServerTls.stream(own.key()))
                            .trustManager(ServerTls.stream(trust))
                            .endpointIdentificationAlgorithm("HTTPS")
                            .build());
        } catch (IllegalArgumentException bad) {
            throw new IOException("not a certificate chain and its PKCS#8 key in PEM", bad);
        }
    }

    /** Accepts only a server whose certificate bears this name, wherever the connection leads. */
    public SslHandler handler(ByteBufAllocator alloc, String serverName, int port) {
        var handler = context.newHandler(alloc, serverName, port);
        handler.setHandshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }
}
