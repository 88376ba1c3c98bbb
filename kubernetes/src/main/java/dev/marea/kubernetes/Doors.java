package dev.marea.kubernetes;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.certs.Authority;
import dev.marea.kubernetes.certs.Papers;
import dev.marea.kubernetes.coexist.Rival;
import dev.marea.kubernetes.feed.FeedDoor;
import dev.marea.kubernetes.routes.RouteSource;
import dev.marea.kubernetes.webhook.WebhookDoor;
import dev.marea.wire.feed.Standing;
import dev.marea.wire.http.ServerTls;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every replica of an operator on a cluster offers, whether it leads or not: its judgement to
 * the API server and its routes to gateways, by certificates of its own.
 */
final class Doors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    private final Installation installation;
    private final InstantSource clock;
    private final Rival rival;
    private final Authority authority;
    private final WebhookDoor webhook;
    private @Nullable FeedDoor feed;

    private Doors(
            Installation installation,
            InstantSource clock,
            Rival rival,
            Authority authority,
            WebhookDoor webhook) {
        this.installation = installation;
        this.clock = clock;
        this.rival = rival;
        this.authority = authority;
        this.webhook = webhook;
    }

    /**
     * @param api that writes whoever leads: certificates are everybody's
     */
    static Doors open(Installation installation, Api api, InstantSource clock) throws IOException {
        var rival = Rival.watch(api);
        try {
            var settings = Authority.Settings.in(installation.namespace());
            var authority = Authority.keep(api, settings, clock);
            return open(installation, api, clock, rival, authority);
        } catch (IOException | RuntimeException failed) {
            rival.close();
            throw failed;
        }
    }

    private static Doors open(
            Installation installation,
            Api api,
            InstantSource clock,
            Rival rival,
            Authority authority)
            throws IOException {
        try {
            var webhook = WebhookDoor.open(installation, authority, api, rival::found);
            return new Doors(installation, clock, rival, authority, webhook);
        } catch (IOException | RuntimeException failed) {
            authority.close();
            throw failed;
        }
    }

    /** Who serves this cluster in our place. */
    Rival rival() {
        return rival;
    }

    /** Lets gateways in, once there are routes to tell. */
    void openFeed(RouteSource routes, Supplier<Standing> standing) throws IOException {
        var papers = authority.current();
        var tls = ServerTls.mutual(papers.serving(), papers.trust());
        authority.follow(renewed -> replace(tls, renewed));
        feed = FeedDoor.open(installation, tls, routes, standing, clock);
    }

    private static void replace(ServerTls tls, Papers papers) {
        try {
            tls.replace(papers.serving(), papers.trust());
        } catch (IOException unusable) {
            LOG.warn("a new certificate cannot be shown: {}", unusable.getMessage());
        }
    }

    @Override
    public void close() {
        Optional.ofNullable(feed).ifPresent(FeedDoor::close);
        webhook.close();
        authority.close();
        rival.close();
    }
}
