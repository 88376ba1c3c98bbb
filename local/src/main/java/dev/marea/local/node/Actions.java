package dev.marea.local.node;

import dev.marea.wire.http.GrpcHealth;
import dev.marea.wire.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Does what probes and hooks of one container ask for. HTTP is a few lines over a socket: a client
 * with pools would cost the first probe, and with it every wake-up, its start.
 */
final class Actions {
    private static final int HEAD_BYTES_MAX = 8 << 10;
    private static final int OUTPUT_BYTES_MAX = 1 << 10;

    private final ContainerSpec container;
    private final PortMap ports;
    private final MountTable mounts;
    private final Map<String, String> env;
    private final Path directory;

    Actions(
            ContainerSpec container,
            PortMap ports,
            MountTable mounts,
            Map<String, String> env,
            Path directory) {
        this.container = container;
        this.ports = ports;
        this.mounts = mounts;
        this.env = env;
        this.directory = directory;
    }

    /** Empty if it went well, else what a person should read. */
    Optional<String> perform(Probe.Action action, Duration timeout) throws InterruptedException {
        try {
            return switch (action) {
                case Probe.Action.Http http -> http(http, timeout);
                case Probe.Action.Tcp(var host, var port) -> tcp(host, port, timeout);
                case Probe.Action.Grpc(var port, var service) ->
                        GrpcHealth.check(address("", port), service, timeout);
                case Probe.Action.Exec(var command) -> exec(command, timeout);
                case Probe.Action.Sleep(var time) -> {
                    Thread.sleep(time);
                    yield Optional.empty();
                }
            };
        } catch (IOException failed) {
            return Optional.of(String.valueOf(failed.getMessage()));
        }
    }

    private Optional<String> tcp(String host, Json port, Duration timeout) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(address(host, port), (int) timeout.toMillis());
            return Optional.empty();
        }
    }

    /** All pods are on loopback, whatever address the probe names for its own pod. */
    private InetSocketAddress address(String host, Json port) throws IOException {
        var number = container.port(port);
        if (number.isEmpty()) {
            throw new IOException("no containerPort is named " + port);
        }
        var here = host.isEmpty() || host.equals("localhost") ? "127.0.0.1" : host;
        return new InetSocketAddress(here, ports.of(number.get()));
    }

    private Optional<String> http(Probe.Action.Http http, Duration timeout) throws IOException {
        var address = address(http.host(), http.port());
        long deadline = System.nanoTime() + timeout.toNanos();
        try (var socket = socket(http.scheme())) {
            socket.connect(address, (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            socket.getOutputStream()
                    .write(head(http, address).getBytes(StandardCharsets.ISO_8859_1));
            int status = status(socket, deadline);
            return status >= 200 && status < 400
                    ? Optional.empty()
                    : Optional.of("HTTP probe failed with statuscode: " + status);
        } catch (SocketTimeoutException _) {
            return Optional.of(
                    "Get \"%s://127.0.0.1:%d%s\": context deadline exceeded (no answer within %d s)"
                            .formatted(
                                    http.scheme().toLowerCase(Locale.ROOT),
                                    address.getPort(),
                                    http.path(),
                                    timeout.toSeconds()));
        } catch (IOException failed) {
            throw new IOException(
                    "Get \"http://127.0.0.1:%d%s\": %s"
                            .formatted(address.getPort(), http.path(), failed.getMessage()),
                    failed);
        }
    }

    private static String head(Probe.Action.Http http, InetSocketAddress address) {
        var head =
                new StringBuilder("GET ")
                        .append(http.path().startsWith("/") ? "" : "/")
                        .append(http.path().replaceAll("[\\s]", "%20"))
                        .append(" HTTP/1.1\r\n");
        var names = http.headers().keySet().stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
        if (!names.contains("host")) {
            head.append("Host: 127.0.0.1:").append(address.getPort()).append("\r\n");
        }
        if (!names.contains("user-agent")) {
            head.append("User-Agent: kube-probe/marea\r\n");
        }
        http.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("Accept: */*\r\nConnection: close\r\n\r\n").toString();
    }

    private static int status(Socket socket, long deadline) throws IOException {
        var line = new ByteArrayOutputStream();
        var in = socket.getInputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() >= HEAD_BYTES_MAX) {
                throw new IOException("not an HTTP answer");
            }
            if (System.nanoTime() > deadline) {
                throw new SocketTimeoutException();
            }
            line.write(b);
        }
        var parts = line.toString(StandardCharsets.ISO_8859_1).strip().split(" ", -1);
        if (parts.length < 2
                || !parts[0].startsWith("HTTP/1.")
                || !parts[1].matches("[1-5][0-9][0-9]")) {
            throw new IOException("malformed HTTP response");
        }
        return Integer.parseInt(parts[1]);
    }

    private static Socket socket(String scheme) throws IOException {
        return scheme.equals("HTTPS") ? trusting().getSocketFactory().createSocket() : new Socket();
    }

    /** As the kubelet: a probe asks whether the container answers, not who it is. */
    private static SSLContext trusting() throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private Optional<String> exec(List<String> command, Duration timeout)
            throws IOException, InterruptedException {
        if (command.isEmpty()) {
            return Optional.of("exec has no command");
        }
        var real = new ArrayList<String>();
        command.forEach(part -> real.add(mounts.apply(part)));
        var output = Files.createTempFile(directory, "exec", ".out");
        try {
            var builder =
                    new ProcessBuilder(real)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(env);
            return result(builder.start(), timeout, output);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static Optional<String> result(Process process, Duration timeout, Path output)
            throws IOException, InterruptedException {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of("command timed out after " + timeout.toSeconds() + " s");
            }
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        if (process.exitValue() == 0) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(output)) {
            var text = new String(in.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8).strip();
            return Optional.of(
                    text.isEmpty() ? "command exited with code " + process.exitValue() : text);
        }
    }
}
