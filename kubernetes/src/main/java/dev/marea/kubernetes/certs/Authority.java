package dev.marea.kubernetes.certs;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificates of Marea's own doors in Secret {@code marea-tls}, renews them in time and
 * tells the API server and the gateways whom to trust. Every replica keeps one and none leads: each
 * write names the version it replaces, so whoever comes second takes what the first has made.
 *
 * <p>A Secret that cert-manager fills is read and never written.
 */
public final class Authority implements AutoCloseable {
    static final String SECRET = "marea-tls";
    static final String GATEWAYS = "marea-gateway-tls";
    private static final String CERT_MANAGERS = "cert-manager.io/certificate-name";

    /** A rotation by another replica is in use here after this long. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** How often two replicas may cross before one gives up until the next look. */
    private static final int ATTEMPTS_MAX = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Authority.class);

    private final Api api;
    private final Settings settings;
    private final InstantSource clock;
    private final CaBundle bundle;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("certificates").factory());
    private final List<Consumer<Papers>> followers = new CopyOnWriteArrayList<>();
    private final ReentrantLock telling = new ReentrantLock();
    private volatile @Nullable Papers papers;
    private String trouble = "";

    private Authority(Api api, Settings settings, InstantSource clock) {
        this.api = api;
        this.settings = settings;
        this.clock = clock;
        this.bundle = new CaBundle(api);
    }

    /**
     * @param namespace where Marea is installed
     */
    public record Settings(String namespace, Terms terms) {
        public static Settings in(String namespace) {
            return new Settings(namespace, Terms.DEFAULT);
        }

        /** The Services that lead to an operator's doors. */
        List<String> dnsNames() {
            var webhook = "marea-webhook." + namespace + ".svc";
            var feed = "marea-operator-feed." + namespace + ".svc";
            return List.of(webhook, webhook + ".cluster.local", feed, feed + ".cluster.local");
        }
    }

    /** Returns with certificates in hand. */
    public static Authority keep(Api api, Settings settings, InstantSource clock)
            throws IOException {
        var authority = new Authority(api, settings, clock);
        try {
            authority.settle();
        } catch (IOException | RuntimeException failed) {
            authority.close();
            throw failed;
        }
        var _ =
                authority.timer.scheduleWithFixedDelay(
                        authority::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return authority;
    }

    public Papers current() {
        var now = papers;
        if (now == null) {
            throw new IllegalStateException("certificates are asked for before they are kept");
        }
        return now;
    }

    /** Called at once and after every change, one call at a time. */
    public void follow(Consumer<Papers> onChange) {
        telling.lock();
        try {
            followers.add(onChange);
            onChange.accept(current());
        } finally {
            telling.unlock();
        }
    }

    /** One look; what goes wrong is said once and tried again at the next. */
    private void look() {
        try {
            var trust = settle();
            bundle.inject(trust);
            if (!trouble.isEmpty()) {
                LOG.info("certificates are kept again");
            }
            trouble = "";
        } catch (IOException | RuntimeException failed) {
            var said = String.valueOf(failed.getMessage());
            if (!said.equals(trouble) && !timer.isShutdown()) {
                LOG.warn("certificates cannot be looked after: {}", said);
            }
            trouble = said;
        }
    }

    /** Makes the Secrets what they must be now, and returns whom to trust. */
    private String settle() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return settleOnce();
            } catch (ApiRefusal refused) {
                if (!refused.conflict() || attempt == ATTEMPTS_MAX) {
                    throw refused;
                }
            }
        }
    }

    private String settleOnce() throws IOException {
        var stored = api.get(Kind.SECRET, settings.namespace(), SECRET);
        if (stored.isPresent() && isCertManagers(stored.get())) {
            return use(KeyringSecret.papers(stored.get()));
        }
        var moment = new Keyring.Moment(clock.instant(), settings.terms(), settings.dnsNames());
        var kept = stored.flatMap(Authority::read);
        var due = kept.isPresent() ? kept.get().at(moment) : Keyring.first(moment);
        if (!kept.equals(Optional.of(due))) {
            write(SECRET, "Opaque", stored, KeyringSecret.data(due));
            LOG.info(
                    "certificates were made; the one that is shown is good until {}",
                    due.serving().validUntil());
        }
        giveToGateways(KeyringSecret.clientData(due));
        return use(due.papers());
    }

    private void giveToGateways(Json.Obj data) throws IOException {
        var stored = api.get(Kind.SECRET, settings.namespace(), GATEWAYS);
        boolean theirs = stored.filter(Authority::isCertManagers).isPresent();
        if (!theirs && stored.filter(s -> s.object("data").equals(data)).isEmpty()) {
            write(GATEWAYS, "kubernetes.io/tls", stored, data);
        }
    }

    private void write(String name, String type, Optional<Json.Obj> stored, Json.Obj data)
            throws IOException {
        if (stored.isPresent()) {
            var version = stored.get().text("metadata", "resourceVersion").orElse("");
            var patch =
                    Json.Obj.of("metadata", Json.Obj.of("resourceVersion", version), "data", data);
            api.merge(Kind.SECRET, settings.namespace(), name, patch);
        } else {
            api.create(Kind.SECRET, settings.namespace(), secret(name, type, withoutNulls(data)));
        }
    }

    private static Json.Obj secret(String name, String type, Json.Obj data) {
        return Json.Obj.of(
                "apiVersion",
                "v1",
                "kind",
                "Secret",
                "metadata",
                Json.Obj.of(
                        "name", name, "labels", Json.Obj.of("app.kubernetes.io/part-of", "marea")),
                "type",
                type,
                "data",
                data);
    }

    private static Json.Obj withoutNulls(Json.Obj data) {
        var whole = data;
        for (var part : data.fields().entrySet()) {
            whole = part.getValue() instanceof Json.Null ? whole.without(part.getKey()) : whole;
        }
        return whole;
    }

    private static Optional<Keyring> read(Json.Obj secret) {
        try {
            return Optional.of(KeyringSecret.read(secret));
        } catch (IOException damaged) {
            LOG.warn("Secret {} is made anew: {}", SECRET, damaged.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isCertManagers(Json.Obj secret) {
        return secret.text("metadata", "annotations", CERT_MANAGERS).isPresent();
    }

    private String use(Papers next) {
        telling.lock();
        try {
            if (!next.equals(papers)) {
                papers = next;
                followers.forEach(f -> f.accept(next));
            }
        } finally {
            telling.unlock();
        }
        return next.trust();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
