package dev.marea.kubernetes.certs;

import dev.marea.wire.http.Certificates.Pem;
import dev.marea.wire.http.Certificates.Root;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Our certificates at one moment, and what time makes of them. A root's successor is trusted for a
 * while before it signs anything, and the root that went is trusted until its end, so that in a
 * rotation no handshake fails.
 *
 * @param former the certificate of the root before; its key is gone
 */
record Keyring(Root root, Optional<Next> next, Optional<String> former, Pem serving, Pem client) {
    /** The name in the gateways' client certificate. */
    static final String CLIENT = "marea-gateway";

    /**
     * @param since when everybody was told to trust it
     */
    record Next(Root root, Instant since) {}

    /** Who asks: the time, the terms and the names that the doors have. */
    record Moment(Instant now, Terms terms, List<String> dnsNames) {
        private Pem serving(Root root) throws IOException {
            return root.server(now, leaf(root), dnsNames);
        }

        private Pem client(Root root) throws IOException {
            return root.client(now, leaf(root), CLIENT);
        }

        /** Nothing outlives the root that vouches for it. */
        private Duration leaf(Root root) throws IOException {
            var left = Duration.between(now, root.pem().validUntil());
            return left.compareTo(terms.leaf()) < 0 ? left : terms.leaf();
        }

        private boolean ended(Pem pem) throws IOException {
            return !now.isBefore(pem.validUntil());
        }

        private boolean due(Pem pem, Duration before) throws IOException {
            return !now.isBefore(pem.validUntil().minus(before));
        }
    }

    static Keyring first(Moment at) throws IOException {
        return of(Root.make(at.now(), at.terms().root()), Optional.empty(), at);
    }

    private static Keyring of(Root root, Optional<String> former, Moment at) throws IOException {
        return new Keyring(root, Optional.empty(), former, at.serving(root), at.client(root));
    }

    /** What it must be now; itself if nothing is due. */
    Keyring at(Moment at) throws IOException {
        if (at.ended(root.pem())) {
            return next.isPresent() && !at.ended(next.get().root().pem())
                    ? of(next.get().root(), Optional.empty(), at)
                    : first(at);
        }
        return withNext(at).succeeded(at).withoutFormer(at).renewed(at);
    }

    private Keyring withNext(Moment at) throws IOException {
        if (next.isPresent() || !at.due(root.pem(), at.terms().rootRenewal())) {
            return this;
        }
        var made = Root.make(at.now(), at.terms().root());
        return new Keyring(root, Optional.of(new Next(made, at.now())), former, serving, client);
    }

    private Keyring succeeded(Moment at) throws IOException {
        return next.isPresent() && !at.now().isBefore(next.get().since().plus(at.terms().overlap()))
                ? of(next.get().root(), Optional.of(root.pem().chain()), at)
                : this;
    }

    private Keyring withoutFormer(Moment at) throws IOException {
        return former.isPresent() && at.ended(new Pem(former.get(), ""))
                ? new Keyring(root, next, Optional.empty(), serving, client)
                : this;
    }

    private Keyring renewed(Moment at) throws IOException {
        boolean named = serving.dnsNames().containsAll(at.dnsNames());
        return new Keyring(
                root,
                next,
                former,
                named && stands(serving, at) ? serving : at.serving(root),
                stands(client, at) ? client : at.client(root));
    }

    /** A root that is to go signs nothing but what has ended: its successor renews the rest. */
    private boolean stands(Pem leaf, Moment at) throws IOException {
        return root.issued(leaf)
                && !at.ended(leaf)
                && (next.isPresent() || !at.due(leaf, at.terms().leafRenewal()));
    }

    Papers papers() {
        return new Papers(serving, trust());
    }

    /** Everything that may be met in a handshake now or soon. */
    String trust() {
        return root.pem().chain()
                + next.map(n -> n.root().pem().chain()).orElse("")
                + former.orElse("");
    }

    @Override
    public String toString() {
        return "Keyring[next: " + next.isPresent() + ", former: " + former.isPresent() + "]";
    }
}
