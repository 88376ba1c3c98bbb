package dev.marea.storage.http;

import dev.marea.storage.store.FetchFailure;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Set;

/**
 * Asks servers over HTTP/1.1 and follows their redirects. Credentials never cross to another
 * server, and encryption is never given up.
 */
public final class StoreClient implements Closeable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** What may be told to a server that another one named; everything else might be a secret. */
    private static final Set<String> HARMLESS =
            Set.of("range", "if-match", "if-range", "accept", "accept-encoding", "user-agent");

    private final ClientSettings settings;
    private final Connector connector;
    private final Lines lines = new Lines();

    public StoreClient(ClientSettings settings) {
        this.settings = settings;
        this.connector = new Connector(settings);
    }

    /**
     * Sends a request and reads the head of the answer, whatever its status.
     *
     * @param redirects whether they are followed
     * @param administrators whether the administrator named the server
     */
    public Reply ask(HttpRequest request, boolean redirects, boolean administrators)
            throws FetchFailure, InterruptedException {
        var here = request;
        boolean named = administrators;
        for (int hop = 0; hop <= settings.redirectsMax(); hop++) {
            var reply = exchange(here, named);
            if (!redirects || !REDIRECTS.contains(reply.status()) || !repeatable(here)) {
                return reply;
            }
            reply.close();
            var from = Server.of(here.uri());
            var to = target(here.uri(), reply);
            boolean same = from.equals(Server.of(to));
            named = named && same; // the administrator named the first server, not where it leads
            here = moved(here, to, same);
        }
        throw FetchFailure.lasting(
                shown(request.uri())
                        + " redirects more than "
                        + settings.redirectsMax()
                        + " times");
    }

    private static boolean repeatable(HttpRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private static HttpRequest moved(HttpRequest from, URI to, boolean same) {
        return HttpRequest.newBuilder(
                        from, (name, _) -> same || HARMLESS.contains(name.toLowerCase(Locale.ROOT)))
                .uri(to)
                .build();
    }

    private static URI target(URI from, Reply reply) throws FetchFailure {
        var said = reply.headers().firstValue("Location").orElse("");
        URI to;
        try {
            to = from.resolve(said.replace(" ", "%20"));
        } catch (IllegalArgumentException bad) {
            throw FetchFailure.lasting(shown(from) + " redirects to no URL");
        }
        boolean web =
                "https".equalsIgnoreCase(to.getScheme()) || "http".equalsIgnoreCase(to.getScheme());
        if (said.isEmpty() || !web) {
            throw FetchFailure.lasting(
                    shown(from)
                            + " redirects to "
                            + (said.isEmpty() ? "nowhere" : shown(to))
                            + ", which is refused");
        }
        if ("https".equalsIgnoreCase(from.getScheme()) && "http".equalsIgnoreCase(to.getScheme())) {
            throw FetchFailure.lasting(
                    shown(from)
                            + " redirects to "
                            + shown(to)
                            + " without encryption, which is refused");
        }
        return to;
    }

    private Reply exchange(HttpRequest request, boolean administrators)
            throws FetchFailure, InterruptedException {
        var server = Server.of(request.uri());
        try {
            var waiting = lines.take(server);
            if (waiting.isPresent() && repeatable(request)) {
                try {
                    return over(waiting.get(), request, server);
                } catch (SocketTimeoutException silent) {
                    throw silent;
                } catch (IOException stale) {
                    interrupted(); // else: its server hung up while it waited; a fresh one is tried
                }
            }
            return over(connector.open(server, administrators), request, server);
        } catch (FetchFailure own) {
            throw own;
        } catch (SocketTimeoutException silent) {
            throw FetchFailure.passing(
                    shown(request.uri())
                            + " gave no answer within "
                            + settings.stall().toMillis() / 1000.0
                            + " s");
        } catch (IOException broken) {
            interrupted();
            throw FetchFailure.passing(shown(request.uri()) + ": " + broken.getMessage());
        }
    }

    private Reply over(Line line, HttpRequest request, Server server) throws IOException {
        try {
            line.send(request, server);
            return line.receive(request, idle -> lines.give(server, idle));
        } catch (IOException | RuntimeException failed) {
            line.close();
            throw failed;
        }
    }

    private static void interrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Without the query, in which signatures and tokens may stand. */
    public static String shown(URI address) {
        var text = address.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    @Override
    public void close() {
        lines.close();
    }
}
