package dev.marea.storage.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Opens connections to servers whose addresses are allowed, through the proxy if there is one. */
final class Connector {
    private static final int RECEIVE_BYTES = 1 << 20;

    private final ClientSettings settings;

    Connector(ClientSettings settings) {
        this.settings = settings;
    }

    Line open(Server server, boolean administrators) throws IOException {
        var proxy = settings.proxies().to(server);
        var socket =
                proxy.isPresent()
                        ? tunnel(proxy.get(), server)
                        : reach(server.host(), server.port(), administrators);
        try {
            return new Line(
                    server.tls() ? encrypted(socket, server) : socket, proxied(proxy, server));
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    /** Through a proxy, plain requests name the whole URL; encrypted ones cross a tunnel. */
    private static Optional<URI> proxied(Optional<URI> proxy, Server server) {
        return server.tls() ? Optional.empty() : proxy;
    }

    private Socket reach(String host, int port, boolean administrators) throws IOException {
        IOException last = new UnknownHostException(host);
        for (var address : addresses(host)) {
            var refusal =
                    administrators
                            ? Optional.<String>empty()
                            : settings.addresses().refusal(address);
            if (refusal.isPresent()) {
                throw FetchFailure.lasting(
                        "%s is refused: %s is %s; an administrator can allow it"
                                .formatted(host, address.getHostAddress(), refusal.get()));
            }
            try {
                return connected(address, port);
            } catch (IOException failed) {
                last = failed;
            }
        }
        throw FetchFailure.passing(
                "no connection to %s:%d: %s".formatted(host, port, last.getMessage()));
    }

    private static InetAddress[] addresses(String host) throws FetchFailure {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException unknown) {
            throw FetchFailure.passing("the name " + host + " has no address");
        }
    }

    private Socket connected(InetAddress address, int port) throws IOException {
        var socket = new Socket();
        try {
            socket.setReceiveBufferSize(RECEIVE_BYTES);
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(address, port), (int) settings.connect().toMillis());
            socket.setSoTimeout((int) settings.stall().toMillis());
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed instanceof SocketTimeoutException
                    ? new IOException("no answer within " + settings.connect().toMillis() + " ms")
                    : failed;
        }
    }

    private SSLSocket encrypted(Socket socket, Server server) throws IOException {
        var secure =
                (SSLSocket)
                        settings.trust()
                                .getSocketFactory()
                                .createSocket(socket, server.host(), server.port(), true);
        var parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        secure.setSSLParameters(parameters);
        try {
            secure.startHandshake();
            return secure;
        } catch (SSLException failed) {
            throw untrusted(server, failed);
        }
    }

    private static FetchFailure untrusted(Server server, SSLException failed) {
        var why = String.valueOf(failed.getMessage());
        return why.contains("PKIX") || why.contains("No subject alternative")
                ? FetchFailure.lasting(
                        "the certificate of %s is not trusted (%s); give its authority as a CA bundle"
                                .formatted(server, why))
                : FetchFailure.passing("no TLS with " + server + ": " + why);
    }

    /** The administrator's proxy is believed, wherever it is; what it reaches is its matter. */
    private Socket tunnel(URI proxy, Server server) throws IOException {
        var socket = reach(proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort(), true);
        if (!server.tls()) {
            return socket;
        }
        try {
            var target = server.host() + ":" + server.port();
            var request = new StringBuilder("CONNECT " + target + " HTTP/1.1\r\nHost: " + target);
            Proxies.authorization(proxy)
                    .ifPresent(value -> request.append("\r\nProxy-Authorization: ").append(value));
            socket.getOutputStream()
                    .write(request.append("\r\n\r\n").toString().getBytes(ISO_8859_1));
            int status = Head.read(socket.getInputStream()).status();
            if (status != 200) {
                throw FetchFailure.passing(
                        "the proxy %s:%d answered %d for %s"
                                .formatted(proxy.getHost(), proxy.getPort(), status, target));
            }
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }
}
