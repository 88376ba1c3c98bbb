package dev.marea.check.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * {@code inferenceservice-config} on one machine: in force within moments, and no model restarts.
 * On a cluster that others use it would speak for all; ExposureClusterE2E has its own.
 */
@DisabledIfSystemProperty(named = "marea.kubeconfig", matches = ".+")
class PlatformConfigTest {
    private static final String IRIS =
            """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: iris}
            spec:
              predictor:
                minReplicas: 1
                model: {modelFormat: {name: sklearn}, storageUri: "file:///models/m1"}
            """;

    private SmallPlatform platform;

    @BeforeEach
    void start() throws IOException {
        platform = new SmallPlatform();
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void aChangeShowsInUrlsAndRoutesAndRestartsNothing() throws Exception {
        platform.apply(IRIS);
        platform.await("it is ready", platform::settled);
        var deployments = platform.versions(Resource.DEPLOYMENT);

        config("{\"ingressDomain\": \"models.test\"}");
        platform.await("the url", () -> url().contains(".models.test"));
        platform.await(
                "the route",
                () ->
                        platform.routes().stream()
                                .anyMatch(r -> r.hosts().stream().anyMatch(url()::contains)));

        config("{\"ingressDomain\": \"other.test\",\n \"urlScheme\": ftp}");
        config("{\"ingressDomain\": \"last.test\"}");
        platform.await("a later good one", () -> url().contains(".last.test"));
        assertThat(platform.versions(Resource.DEPLOYMENT)).isEqualTo(deployments);
        assertThat(platform.condition("IngressReady")).isEqualTo("True/Ready");
    }

    private String url() {
        return platform.iris().text("status", "url").orElse("");
    }

    private void config(String ingress) throws IOException {
        var map =
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Json.Obj.of("name", "inferenceservice-config"),
                        "data",
                        Json.Obj.of("ingress", ingress));
        var namespace =
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Namespace",
                        "metadata",
                        Json.Obj.of("name", "marea-system"));
        platform.cluster.apply(namespace, "marea-system", _ -> {});
        platform.cluster.apply(map, "marea-system", _ -> {});
    }
}
