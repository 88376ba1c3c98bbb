package dev.marea.kubernetes.webhook;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.PodProfiles;
import dev.marea.kubernetes.certs.Authority;
import dev.marea.kubernetes.certs.Papers;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.HttpLimits;
import dev.marea.wire.http.HttpServer;
import dev.marea.wire.http.Request;
import dev.marea.wire.http.Response;
import dev.marea.wire.http.ServerTls;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the API server asks for our judgement. Every replica of the operator opens one, for it
 * takes no leader to judge.
 */
public final class WebhookDoor implements AutoCloseable {
    public static final String PATH = "/validate";
    public static final String HEALTH = "/healthz";

    /** An object and the one before it, each of at most 3 MiB in an API server. */
    private static final long BODY_BYTES_MAX = 8 << 20;

    private static final int CONNECTIONS_MAX = 256;
    private static final int REVIEWS_AT_ONCE = 64;
    private static final HttpLimits LIMITS =
            HttpLimits.DEFAULTS.withBody(BODY_BYTES_MAX).withLoad(CONNECTIONS_MAX, REVIEWS_AT_ONCE);
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final Map<String, String> TEXT =
            Map.of("content-type", "text/plain; charset=utf-8");
    private static final Logger LOG = LoggerFactory.getLogger(WebhookDoor.class);

    private final HttpServer server;

    private WebhookDoor(HttpServer server) {
        this.server = server;
    }

    /**
     * Returns when reviews are answered.
     *
     * @param rival who serves this cluster in our place and judges its manifests
     */
    public static WebhookDoor open(
            Installation installation,
            Authority authority,
            Api api,
            Supplier<Optional<String>> rival)
            throws IOException {
        var judge =
                new Judge(
                        new ApiRuntimes(api),
                        new ApiStores(api),
                        new AuthorsRights((author, namespace, right) ->
                                api.create(
                                                Kind.SUBJECT_ACCESS_REVIEW,
                                                "",
                                                author.mayI(namespace, right))
                                        .flag("status", "allowed")),
                        new PodProfiles(api)::in,
                        rival);
        var tls = ServerTls.withHttp2(authority.current().serving());
        authority.follow(papers -> replace(tls, papers));
        return open(installation, tls, judge);
    }

    static WebhookDoor open(Installation installation, ServerTls tls, Judge judge)
            throws IOException {
        var settings =
                DoorSettings.of(installation.loops(), "0.0.0.0", installation.webhookPort())
                        .with(LIMITS)
                        .with(tls);
        return new WebhookDoor(HttpServer.open(settings, (q, a) -> answer(judge, q, a)));
    }

    private static void replace(ServerTls tls, Papers papers) {
        try {
            tls.replace(papers.serving());
        } catch (IOException unusable) {
            LOG.warn("a new certificate cannot be shown: {}", unusable.getMessage());
        }
    }

    private static void answer(Judge judge, Request request, Response response) throws IOException {
        switch (request.path()) {
            case HEALTH -> send(response, 200, "ok");
            case PATH -> {
                if (request.method().equals("POST")) {
                    review(judge, request, response);
                } else {
                    send(response, 405, "POST an AdmissionReview");
                }
            }
            default -> send(response, 404, "AdmissionReviews are answered at " + PATH);
        }
    }

    private static void review(Judge judge, Request request, Response response) throws IOException {
        Review review;
        try {
            review = Review.read(JsonReader.read(request.body()));
        } catch (MalformedJson | Review.NotAReview odd) {
            send(response, 400, String.valueOf(odd.getMessage()));
            return;
        }
        var answer = Judgement.answer(review, judge.judge(review));
        response.send(200, JSON, JsonWriter.bytes(answer));
    }

    private static void send(Response response, int status, String text) throws IOException {
        response.send(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
