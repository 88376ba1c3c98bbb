package dev.marea.check.cluster;

import static dev.marea.check.cluster.WebhookUnderTest.await;
import static dev.marea.check.cluster.WebhookUnderTest.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.kubernetes.certs.Terms;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** K09 and F28: certificates that change under load, and a webhook that is slow or gone. */
@EnabledIfSystemProperty(named = "marea.kubeconfig", matches = ".+")
@Timeout(240)
class WebhookOutageClusterE2E {
    private static final int OBJECTS = 200;
    private static final int ROTATIONS = 3;

    /** A year in half a minute; a successor is trusted for two looks before it signs. */
    private static final Terms HURRIED =
            new Terms(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(50),
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(15));

    @Test
    void noObjectIsLostWhileRootsAndCertificatesRotate() throws Exception {
        try (var webhook = new WebhookUnderTest(HURRIED)) {
            Set<String> shown = ConcurrentHashMap.newKeySet();
            Set<String> roots = ConcurrentHashMap.newKeySet();
            webhook.authority.follow(papers -> {
                shown.add(papers.serving().chain());
                roots.add(papers.trust());
            });
            int made = 0;
            while (made < OBJECTS || roots.size() < 2 * ROTATIONS) {
                assertThat(webhook.post(path(webhook, "inferenceservices"), tree("load-" + made)))
                        .as("object %d after %d certificates", made, shown.size())
                        .isEqualTo(201);
                made++;
            }
            assertThat(shown).hasSizeGreaterThanOrEqualTo(ROTATIONS);
        }
    }

    @Test
    void withTheWebhookGoneOnlyManifestsOfOurKindsWait() throws Exception {
        try (var webhook = new WebhookUnderTest(Terms.DEFAULT)) {
            assertThat(webhook.kubectl("create", service("before", "")).ok()).isTrue();
            webhook.shut();

            var refused = webhook.kubectl("create", service("during", ""));
            assertThat(refused.ok()).isFalse();
            assertThat(refused.err()).contains("failed calling webhook \"services.marea.dev\"");
            assertThat(webhook.kubectl("create", runtime()).ok()).as("what admins write").isTrue();
            assertThat(webhook.kubectl("create", pod()).ok()).as("others' pods").isTrue();
            assertThat(
                            webhook.kubectl(
                                            "patch",
                                            "",
                                            "isvc",
                                            "before",
                                            "--subresource=status",
                                            "--type=merge",
                                            "-p",
                                            "{\"status\":{\"url\":\"http://a\"}}")
                                    .ok())
                    .as("statuses")
                    .isTrue();
            assertThat(webhook.kubectl("delete", "", "isvc", "before", "--cascade=foreground").ok())
                    .as("deletions, also those that change the object on its way")
                    .isTrue();
            await("it is gone", () -> !webhook.kubectl("get", "", "isvc", "before").ok());
            webhook.kubectl("delete", "", "clusterservingruntime", "outage");
        }
    }

    @Test
    void aWebhookThatNeverAnswersCostsItsDeadlineAndNoMore() throws Exception {
        try (var webhook = new WebhookUnderTest(Terms.DEFAULT);
                var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            webhook.point("https://127.0.0.1:" + silent.getLocalPort() + "/validate");
            await(
                    "the API server has heard of it and gives up after five seconds",
                    () -> {
                        var said = webhook.kubectl("create", service("slow", ""));
                        return !said.ok() && said.err().contains("timeout=5s");
                    });
        }
    }

    private static String path(WebhookUnderTest webhook, String plural) {
        return "/apis/serving.kserve.io/v1beta1/namespaces/"
                + webhook.server.namespace()
                + "/"
                + plural;
    }

    private static Json.Obj tree(String name) throws Exception {
        return (Json.Obj) Yaml.read(service(name, "")).getFirst();
    }

    private static String runtime() {
        return """
        apiVersion: serving.kserve.io/v1alpha1
        kind: ClusterServingRuntime
        metadata: {name: outage}
        spec: {supportedModelFormats: [{name: none}], containers: [{name: kserve-container, image: 'a:1'}]}
        """;
    }

    private static String pod() {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: other}
        spec: {containers: [{name: a, image: 'a:1'}]}
        """;
    }
}
