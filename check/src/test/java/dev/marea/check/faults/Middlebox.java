package dev.marea.check.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.marea.kubernetes.client.Kubeconfigs;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between a client and the API and does with every request what its script says. */
final class Middlebox implements AutoCloseable {
    private static final String GONE =
            """
            {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
            "message":"too old resource version","reason":"Expired","code":410}}
            """;

    /** What happens to requests, and to the lines of watches before they are passed on. */
    @FunctionalInterface
    interface Script {
        Script NOTHING = _ -> Move.PASS;

        Move on(Call call);
    }

    /** How a running watch ends. */
    enum Ending {
        /** As it does every few minutes. */
        PROPERLY,
        /** In the middle of its stream. */
        ABRUPTLY,
        /** With an ERROR event that its version is too old. */
        GONE,
        /** With a line that is no event. */
        UNREADABLE
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient api;
    private final String target;
    private final Path kubeconfig;
    private final Optional<String> token;
    private volatile boolean anyToken;
    private final AtomicLong writes = new AtomicLong();
    private final Set<Watching> watches = ConcurrentHashMap.newKeySet();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile Script script = Script.NOTHING;

    private Middlebox(Config config) throws IOException, GeneralSecurityException {
        // Or every watched event waits for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        target = config.getMasterUrl().replaceAll("/$", "");
        api =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(SSLUtils.sslContext(config))
                        .build();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        kubeconfig = Files.createTempFile("marea-middlebox", ".yaml");
        token = token(config);
        writeKubeconfig(token);
    }

    static Middlebox before(Path kubeconfig) {
        try {
            return new Middlebox(Kubeconfigs.read(kubeconfig));
        } catch (IOException | GeneralSecurityException failed) {
            throw new AssertionError("the middlebox does not open", failed);
        }
    }

    private static Optional<String> token(Config config) {
        return Optional.ofNullable(config.getAutoOAuthToken())
                .or(() -> Optional.ofNullable(config.getOauthToken()));
    }

    private void writeKubeconfig(Optional<String> token) throws IOException {
        Files.writeString(
                kubeconfig,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: it, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: it, user: {%s}}]
                contexts: [{name: it, context: {cluster: it, user: it}}]
                current-context: it
                """
                        .formatted(
                                server.getAddress().getPort(),
                                token.map(t -> "token: " + t).orElse("")));
    }

    /** Leads to the API by way of here. */
    Path kubeconfig() {
        return kubeconfig;
    }

    /** Whoever comes, the API sees the one it knows. */
    void acceptAnyToken() {
        anyToken = true;
    }

    void replaceToken(String next) throws IOException {
        writeKubeconfig(Optional.of(next));
    }

    void script(Script next) {
        script = next;
    }

    /** All that came by since the last {@link #forget}. */
    List<Call> calls() {
        return List.copyOf(calls);
    }

    List<Call> written() {
        return calls.stream().filter(Call::isWrite).toList();
    }

    void forget() {
        calls.clear();
    }

    long writes() {
        return writes.get();
    }

    long watching(String plural) {
        return watches.stream().filter(w -> w.call.plural().equals(plural)).count();
    }

    int watches() {
        return watches.size();
    }

    /** Ends every watch that runs, and tells how many those were. */
    int endWatches(Ending ending) {
        var now = List.copyOf(watches);
        now.forEach(watch -> watch.end(ending));
        return now.size();
    }

    private void handle(HttpExchange exchange) throws IOException {
        long write = Call.writes(exchange) ? writes.incrementAndGet() : writes.get();
        var body = exchange.getRequestBody().readAllBytes();
        var call = Call.of(exchange, body, write);
        calls.add(call);
        switch (script.on(call)) {
            case Move.Pass _ -> pass(exchange, call, body);
            case Move.Answer(int status, var headers, var said) -> {
                headers.forEach(exchange.getResponseHeaders()::set);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, said.length == 0 ? -1 : said.length);
                exchange.getResponseBody().write(said);
                exchange.close();
            }
            case Move.Lose _ -> {
                ask(exchange, body).body().readAllBytes();
                cut();
            }
            case Move.Cut _ -> cut();
        }
    }

    /** The server ends a connection whose handler fails. */
    private static void cut() throws IOException {
        throw new IOException("cut on purpose");
    }

    private HttpResponse<InputStream> ask(HttpExchange exchange, byte[] body) throws IOException {
        var request =
                HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
                        .method(
                                exchange.getRequestMethod(),
                                body.length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        for (var name : List.of("Accept", "Content-Type", "Authorization")) {
            var value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                var known =
                        name.equals("Authorization") && anyToken ? token : Optional.<String>empty();
                request.header(name, known.map(t -> "Bearer " + t).orElse(value));
            }
        }
        try {
            return api.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    private void pass(HttpExchange exchange, Call call, byte[] body) throws IOException {
        var answer = ask(exchange, body);
        for (var name : List.of("Content-Type", "Retry-After")) {
            answer.headers()
                    .firstValue(name)
                    .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
        }
        if (call.isWatch() && answer.statusCode() == 200) {
            watch(exchange, call, answer.body());
            return;
        }
        var said = answer.body().readAllBytes();
        exchange.sendResponseHeaders(answer.statusCode(), said.length == 0 ? -1 : said.length);
        exchange.getResponseBody().write(said);
        exchange.close();
    }

    private void watch(HttpExchange exchange, Call call, InputStream events) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        var watching = new Watching(call, events);
        watches.add(watching);
        try (events) {
            watching.copy(exchange);
        } finally {
            watches.remove(watching);
        }
    }

    private static final class Watching {
        private final Call call;
        private final InputStream events;
        private volatile Optional<Ending> ending = Optional.empty();

        Watching(Call call, InputStream events) {
            this.call = call;
            this.events = events;
        }

        void end(Ending how) {
            ending = Optional.of(how);
            try {
                events.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        void copy(HttpExchange exchange) throws IOException {
            var out = exchange.getResponseBody();
            var lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8));
            try {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            } catch (IOException ended) {
                if (ending.isEmpty()) {
                    throw ended;
                }
            }
            switch (ending.orElse(Ending.PROPERLY)) {
                case PROPERLY -> exchange.close();
                case ABRUPTLY -> cut();
                case GONE -> say(exchange, GONE);
                case UNREADABLE ->
                        say(exchange, "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":[}}\n");
            }
        }
    }

    private static void say(HttpExchange exchange, String last) throws IOException {
        exchange.getResponseBody().write(last.getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    @Override
    public void close() {
        script = _ -> Move.CUT;
        endWatches(Ending.ABRUPTLY);
        server.stop(0);
        threads.shutdownNow();
        api.shutdownNow();
        try {
            Files.deleteIfExists(kubeconfig);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
