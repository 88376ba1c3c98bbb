package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Whether the webhook is known to the API server, has somebody behind it and valid papers. */
final class WebhookCheck implements Doctor.Check {
    private static final String CONFIGURATION =
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/marea";
    private static final Duration SOON = Duration.ofDays(7);
    private static final String RENEW =
            "the operator renews it while it leads; see its log, or restart it";

    private final String system;
    private final InstantSource clock;

    WebhookCheck(String system, InstantSource clock) {
        this.system = system;
        this.clock = clock;
    }

    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        var configuration = cluster.read(CONFIGURATION);
        if (configuration.isEmpty()) {
            return List.of(
                    Finding.warn(
                            "webhook",
                            "there is no ValidatingWebhookConfiguration marea",
                            "the chart makes it unless webhook.enabled is false"));
        }
        return List.of(papers(configuration.get()), doors(cluster));
    }

    private Finding papers(Json.Obj configuration) {
        var bundles =
                configuration.list("webhooks").stream()
                        .map(w -> w.text("clientConfig", "caBundle").orElse(""))
                        .distinct()
                        .toList();
        if (bundles.contains("")) {
            return Finding.fail("webhook", "a webhook has no caBundle", RENEW);
        }
        try {
            // While roots change hands both stand in the bundle; the newest one counts.
            var until = Instant.MAX;
            for (var bundle : bundles) {
                var newest = newest(Base64.getDecoder().decode(bundle));
                until = newest.isBefore(until) ? newest : until;
            }
            return judged(until);
        } catch (CertificateException | IllegalArgumentException unreadable) {
            return Finding.fail(
                    "webhook", "the caBundle is no certificate: " + unreadable.getMessage(), RENEW);
        }
    }

    private Finding judged(Instant until) {
        var left = Duration.between(clock.instant(), until);
        if (left.isNegative()) {
            return Finding.fail("webhook", "the root certificate ended at " + until, RENEW);
        }
        return left.compareTo(SOON) < 0
                ? Finding.warn("webhook", "the root certificate ends at " + until, RENEW)
                : Finding.ok("webhook", "its root certificate is valid until " + until);
    }

    private static Instant newest(byte[] pem) throws CertificateException {
        Collection<? extends Certificate> all =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(pem));
        return all.stream()
                .map(X509Certificate.class::cast)
                .map(c -> c.getNotAfter().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new CertificateException("it is empty"));
    }

    private Finding doors(Cluster cluster) throws IOException {
        long ready = Slices.ready(cluster, system, "marea-webhook");
        return ready > 0
                ? Finding.ok("webhook", ready + " replicas of the operator answer it")
                : Finding.fail(
                        "webhook",
                        "the Service marea-webhook has nobody ready behind it",
                        "see `kubectl -n " + system + " get pods` and the operator's log");
    }
}
