package dev.marea.kubernetes.expose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.PlatformConfig;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidPlatformConfig;
import dev.marea.wire.kserve.PlatformConfigs;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class HostsTest {
    private static final ServiceId IRIS = new ServiceId("demo", "iris");

    @Test
    void onOneMachineUrlsBearThePortAndAddressesAPath() throws InvalidPlatformConfig {
        var hosts =
                new Hosts(
                        config("{\"ingressDomain\": \"localhost\"}"),
                        OptionalInt.of(8080),
                        Optional.of("http://localhost:8080"));
        assertThat(hosts.url(IRIS, _ -> true)).isEqualTo("http://iris-demo.localhost:8080");
        assertThat(hosts.address(IRIS, DeploymentMode.STANDARD))
                .isEqualTo("http://localhost:8080/serving/demo/iris");
        assertThat(hosts.outside(IRIS)).contains("iris-demo.localhost", "iris.demo.localhost");
    }

    @Test
    void onAClusterTheAddressIsTheNameThatClientsOfThatModeExpect() throws InvalidPlatformConfig {
        var hosts = cluster("{}");
        assertThat(hosts.address(IRIS, DeploymentMode.STANDARD))
                .isEqualTo("http://iris-predictor.demo.svc.cluster.local");
        assertThat(hosts.address(IRIS, DeploymentMode.KNATIVE))
                .isEqualTo("http://iris.demo.svc.cluster.local");
        assertThat(hosts.inCluster(IRIS))
                .contains(
                        "iris-predictor.demo",
                        "iris-predictor.demo.svc.cluster.local",
                        "iris.demo.svc");
    }

    @Test
    void aHeadlessServiceIsCalledByTheGatewaysOwnPort() throws InvalidPlatformConfig {
        var data = Json.Obj.of("service", "{\"serviceClusterIPNone\": true}");
        var config =
                PlatformConfigs.read(Json.Obj.of("data", data), PlatformConfig.DEFAULT).config();
        var hosts = new Hosts(config, OptionalInt.empty(), Optional.empty());
        assertThat(hosts.address(IRIS, DeploymentMode.STANDARD))
                .isEqualTo("http://iris-predictor.demo.svc.cluster.local:8080");
    }

    @Test
    void templatesAndFurtherDomainsMakeTheHosts() throws InvalidPlatformConfig {
        var hosts =
                cluster(
                        """
                        {"ingressDomain": "a.org", "additionalIngressDomains": ["b.org"],
                         "urlScheme": "https",
                         "domainTemplate": "{{ .Name }}.{{.Namespace}}.ml.{{ .IngressDomain }}"}\
                        """);
        assertThat(hosts.url(IRIS, _ -> true)).isEqualTo("https://iris.demo.ml.a.org");
        assertThat(hosts.routed(IRIS))
                .containsExactly(
                        "iris.demo.ml.a.org",
                        "iris.demo.ml.b.org",
                        "iris-predictor.demo.ml.a.org",
                        "iris-predictor.demo.ml.b.org");
    }

    @Test
    void aPathTemplateMakesTheUrl() throws InvalidPlatformConfig {
        var hosts =
                cluster(
                        """
                        {"ingressDomain": "a.org",
                         "pathTemplate": "/serving/{{ .Namespace }}/{{ .Name }}"}\
                        """);
        assertThat(hosts.url(IRIS, _ -> true)).isEqualTo("http://a.org/serving/demo/iris");
    }

    @Test
    void theUrlIsAHostThatTheServiceHolds() throws InvalidPlatformConfig {
        var hosts = cluster("{\"ingressDomain\": \"a.org\"}");
        assertThat(hosts.url(IRIS, h -> !h.equals("iris-demo.a.org")))
                .isEqualTo("http://iris-predictor-demo.a.org");
        assertThat(hosts.url(IRIS, _ -> false)).isEqualTo("http://a.org/serving/demo/iris");
    }

    private static Hosts cluster(String ingress) throws InvalidPlatformConfig {
        return new Hosts(config(ingress), OptionalInt.empty(), Optional.empty());
    }

    private static PlatformConfig config(String ingress) throws InvalidPlatformConfig {
        var data = Json.Obj.of("ingress", ingress);
        return PlatformConfigs.read(Json.Obj.of("data", data), PlatformConfig.DEFAULT).config();
    }
}
