package dev.marea.check.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How services are reached, on a real API server: objects and conditions, with gateways that only
 * their EndpointSlice speaks of.
 */
@EnabledIfSystemProperty(named = "marea.kubeconfig", matches = ".+")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExposureClusterE2E {
    private static ExposedCluster cluster;

    @BeforeAll
    static void open() throws Exception {
        cluster = new ExposedCluster();
        cluster.service("old", "");
        cluster.alias("old");
        cluster.gateways("10.77.0.1", "10.77.0.2");
        cluster.startOperator();
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void aServicesNameLeadsToTheGateways() throws Exception {
        cluster.service("iris", "serving.kserve.io/deploymentMode: Standard");
        cluster.await(
                "the slice", () -> cluster.endpoints("iris"), List.of("10.77.0.1", "10.77.0.2"));

        var service = cluster.get("/api/v1", "services", "iris-predictor");
        assertThat(service.text("spec", "type")).hasValue("ClusterIP");
        assertThat(service.text("spec", "clusterIP").orElse("None")).isNotEqualTo("None");
        assertThat(service.at("spec", "selector")).isEmpty();
        assertThat(service.list("spec", "ports").stream().map(p -> p.integer("port").orElse(0)))
                .containsExactly(80L, 8081L);
        cluster.await(
                "the address",
                () -> cluster.isvc("iris").text("status", "address", "url").orElse(""),
                "http://iris-predictor.%s.svc.cluster.local".formatted(cluster.tenant()));
        cluster.await(
                "IngressReady", () -> cluster.condition("iris", "IngressReady"), "True/Ready");
    }

    @Test
    @Order(2)
    void whatWasAnAliasBecomesAServiceOfItsOwn() throws Exception {
        cluster.await(
                "the Service",
                () ->
                        cluster.get("/api/v1", "services", "old-predictor")
                                .text("spec", "type")
                                .orElse(""),
                "ClusterIP");
        assertThat(cluster.get("/api/v1", "services", "old-predictor").text("spec", "externalName"))
                .isEmpty();
        cluster.await(
                "the plain name",
                () ->
                        cluster.get("/api/v1", "services", "old")
                                .text("spec", "externalName")
                                .orElse(""),
                "old-predictor.%s.svc.cluster.local".formatted(cluster.tenant()));
    }

    @Test
    @Order(3)
    void aGatewayThatGoesLeavesEverySliceInSeconds() throws Exception {
        for (int i = 0; i < 30; i++) {
            cluster.service("many-" + i, "");
        }
        for (int i = 0; i < 30; i++) {
            var name = "many-" + i;
            cluster.await(name, () -> cluster.endpoints(name), List.of("10.77.0.1", "10.77.0.2"));
        }
        var before = System.nanoTime();
        cluster.gateways("10.77.0.2");
        for (int i = 0; i < 30; i++) {
            var name = "many-" + i;
            cluster.await(name, () -> cluster.endpoints(name), List.of("10.77.0.2"));
        }
        System.out.printf(
                "a dead gateway left 32 slices in %d ms%n",
                (System.nanoTime() - before) / 1_000_000);
    }

    @Test
    @Order(4)
    void anEditedSliceIsMendedAndADeletedServiceComesBack() throws Exception {
        cluster.delete(
                "/apis/discovery.k8s.io/v1", "endpointslices", "iris-predictor-gateway-ipv4");
        cluster.await("the slice", () -> cluster.endpoints("iris"), List.of("10.77.0.2"));
        cluster.delete("/api/v1", "services", "iris-predictor");
        cluster.await("the Service", () -> cluster.endpoints("iris"), List.of("10.77.0.2"));
        cluster.await(
                "the Service's type",
                () ->
                        cluster.get("/api/v1", "services", "iris-predictor")
                                .text("spec", "type")
                                .orElse(""),
                "ClusterIP");
    }

    @Test
    @Order(5)
    void anIngressIsMadeOnceTheConfigMapAsksForOneAndItsClassMustExist() throws Exception {
        cluster.config(
                """
                {"ingressDomain": "models.test", "ingressClassName": "%s"}\
                """
                        .formatted(cluster.ingressClass()));
        cluster.await(
                "the url",
                () -> cluster.isvc("iris").text("status", "url").orElse(""),
                "http://iris-%s.models.test".formatted(cluster.tenant()));
        cluster.await(
                "IngressReady",
                () -> cluster.condition("iris", "IngressReady"),
                "False/IngressNotAccepted");

        cluster.makeIngressClass();
        cluster.await(
                "IngressReady", () -> cluster.condition("iris", "IngressReady"), "True/Ready");
        var ingress = cluster.get("/apis/networking.k8s.io/v1", "ingresses", "iris");
        assertThat(
                        ingress.text(
                                "metadata",
                                "annotations",
                                "nginx.ingress.kubernetes.io/proxy-buffering"))
                .hasValue("off");
        assertThat(ingress.list("spec", "rules").getFirst().text("host"))
                .hasValue("iris-%s.models.test".formatted(cluster.tenant()));
    }

    @Test
    @Order(6)
    void aDeletedIngressComesBackAndAClusterLocalServiceHasNone() throws Exception {
        cluster.delete("/apis/networking.k8s.io/v1", "ingresses", "iris");
        cluster.await(
                "the Ingress",
                () -> cluster.get("/apis/networking.k8s.io/v1", "ingresses", "iris").has("spec"),
                true);
        cluster.label("iris", "networking.knative.dev/visibility", "cluster-local");
        cluster.await(
                "no Ingress",
                () -> cluster.get("/apis/networking.k8s.io/v1", "ingresses", "iris").has("spec"),
                false);
        cluster.await(
                "the url",
                () -> cluster.isvc("iris").text("status", "url").orElse(""),
                "http://iris-predictor.%s.svc.cluster.local".formatted(cluster.tenant()));
        cluster.label("iris", "networking.knative.dev/visibility", null);
    }

    @Test
    @Order(7)
    void aMistakeInTheConfigMapChangesNothingAndIsTold() throws Exception {
        cluster.config("{\"ingressDomain\": \"models.test\",\n oops}");
        cluster.await(
                "the event",
                () ->
                        cluster.events("InvalidConfig").stream()
                                .anyMatch(m -> m.contains("ingress: line 2, column")),
                true);
        assertThat(cluster.isvc("iris").text("status", "url").orElse("")).contains("iris");
    }

    @Test
    @Order(8)
    void anHttpRouteTakesTheIngressesPlaceAndIsReadyWhenItsGatewaySaysSo() throws Exception {
        cluster.defineHttpRoutes();
        cluster.config(
                """
                {"ingressDomain": "models.test", "enableGatewayApi": true,
                 "kserveIngressGateway": "infra/models",
                 "pathTemplate": "/m/{{ .Namespace }}/{{ .Name }}"}\
                """);
        cluster.await(
                "the url",
                () -> cluster.isvc("iris").text("status", "url").orElse(""),
                "http://models.test/m/%s/iris".formatted(cluster.tenant()));
        cluster.awaitLong(
                "no Ingress",
                () ->
                        !cluster.get("/apis/networking.k8s.io/v1", "ingresses", "iris").has("spec")
                                && cluster.route("iris").has("spec")
                                && cluster.route("iris-path").has("spec"));
        cluster.await(
                "IngressReady",
                () -> cluster.condition("iris", "IngressReady"),
                "Unknown/Progressing");
        assertThat(cluster.route("iris").list("spec", "rules").toString())
                .doesNotContain("weight\":0");

        cluster.accept("iris", "infra", "models", true);
        cluster.accept("iris-path", "infra", "models", true);
        cluster.await(
                "IngressReady", () -> cluster.condition("iris", "IngressReady"), "True/Ready");
        cluster.accept("iris", "infra", "models", false);
        cluster.await(
                "IngressReady",
                () -> cluster.condition("iris", "IngressReady"),
                "False/IngressNotAccepted");
    }

    @Test
    @Order(9)
    void aNameThatSomebodyElseHasIsNotTaken() throws Exception {
        cluster.foreignService("taken-predictor");
        cluster.service("taken", "");
        cluster.await(
                "HostConflict",
                () -> cluster.condition("taken", "HostConflict"),
                "True/HostConflict");
        assertThat(
                        cluster.get("/api/v1", "services", "taken-predictor")
                                .text("spec", "selector", "app"))
                .hasValue("mine");
        cluster.delete("/api/v1", "services", "taken-predictor");
        cluster.awaitLong(
                "the name", () -> cluster.condition("taken", "HostConflict").equals("none"));
    }

    @Test
    @Order(10)
    void whatIsStoppedIsNotReachedAndWhatStandsIsNotWrittenAgain() throws Exception {
        cluster.annotate("iris", "serving.kserve.io/stop", "true");
        cluster.await(
                "no Service",
                () -> cluster.get("/api/v1", "services", "iris-predictor").has("spec"),
                false);
        cluster.await("no route", () -> cluster.route("iris").has("spec"), false);
        cluster.awaitStillness();
        var before = cluster.versions();
        cluster.restartOperator();
        cluster.awaitStillness();
        assertThat(cluster.versions()).isEqualTo(before);
    }
}
