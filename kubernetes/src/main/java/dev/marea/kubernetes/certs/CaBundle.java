package dev.marea.kubernetes.certs;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the API server whom to believe when it calls our webhooks. With cert-manager's annotation
 * on the configuration that is cert-manager's task.
 */
final class CaBundle {
    static final String CONFIGURATION = "marea";
    private static final String CERT_MANAGERS = "cert-manager.io/inject-";
    private static final Logger LOG = LoggerFactory.getLogger(CaBundle.class);

    private final Api api;
    private boolean missed;

    CaBundle(Api api) {
        this.api = api;
    }

    /** Writes only what differs; also after somebody else has overwritten it. */
    void inject(String trust) throws IOException {
        var stored = api.get(Kind.VALIDATING_WEBHOOKS, "", CONFIGURATION);
        note(stored.isPresent());
        var patch = stored.flatMap(configuration -> patch(configuration, trust));
        if (patch.isPresent()) {
            api.apply(Kind.VALIDATING_WEBHOOKS, "", patch.get(), true);
            LOG.info("the API server is told whom to believe when it calls our webhooks");
        }
    }

    /** Each webhook's bundle, named by nothing else, so that no other field becomes ours. */
    static Optional<Json.Obj> patch(Json.Obj configuration, String trust) {
        var bundle = KeyringSecret.base64(trust);
        var webhooks = configuration.list("webhooks");
        var leftToOthers =
                configuration.object("metadata", "annotations").fields().keySet().stream()
                        .anyMatch(name -> name.startsWith(CERT_MANAGERS));
        if (leftToOthers
                || webhooks.stream()
                        .allMatch(w ->
                                w.at("clientConfig", "caBundle")
                                        .filter(bundle::equals)
                                        .isPresent())) {
            return Optional.empty();
        }
        var patched = new ArrayList<Json>();
        for (var webhook : webhooks) {
            patched.add(
                    Json.Obj.of(
                            "name",
                            webhook.text("name").orElse(""),
                            "clientConfig",
                            Json.Obj.of("caBundle", bundle)));
        }
        return Optional.of(
                Json.Obj.of(
                        "apiVersion",
                        Kind.VALIDATING_WEBHOOKS.apiVersion(),
                        "kind",
                        Kind.VALIDATING_WEBHOOKS.name(),
                        "metadata",
                        Json.Obj.of("name", CONFIGURATION),
                        "webhooks",
                        patched));
    }

    private void note(boolean there) {
        if (!there && !missed) {
            LOG.warn(
                    "there is no ValidatingWebhookConfiguration {}: manifests are judged only after they are stored, and not as their author",
                    CONFIGURATION);
        }
        missed = !there;
    }
}
