package dev.marea.kubernetes;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.certs.Authority;
import dev.marea.kubernetes.webhook.WebhookDoor;
import java.io.IOException;
import java.time.InstantSource;

/**
 * What every replica of an operator on a cluster offers, whether it leads or not: its judgement to
 * the API server, by certificates of its own.
 */
final class Doors implements AutoCloseable {
    private final Authority authority;
    private final WebhookDoor webhook;

    private Doors(Authority authority, WebhookDoor webhook) {
        this.authority = authority;
        this.webhook = webhook;
    }

    /**
     * @param api that writes whoever leads: certificates are everybody's
     */
    static Doors open(Installation installation, Api api, InstantSource clock) throws IOException {
        var settings = Authority.Settings.in(installation.namespace());
        var authority = Authority.keep(api, settings, clock);
        try {
            return new Doors(authority, WebhookDoor.open(installation, authority, api));
        } catch (IOException | RuntimeException failed) {
            authority.close();
            throw failed;
        }
    }

    @Override
    public void close() {
        webhook.close();
        authority.close();
    }
}
