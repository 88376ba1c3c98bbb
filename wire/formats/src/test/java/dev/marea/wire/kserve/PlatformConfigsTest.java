package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.PlatformConfig;
import dev.marea.core.spec.PlatformConfig.GatewayRef;
import dev.marea.wire.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformConfigsTest {
    @Test
    void whatItDoesNotSayStaysAsItIs() throws InvalidPlatformConfig {
        assertThat(read(Json.Obj.EMPTY).config()).isEqualTo(PlatformConfig.DEFAULT);
        assertThat(read("service", "{}").config()).isEqualTo(PlatformConfig.DEFAULT);
    }

    @Test
    void everyKeyThatConcernsUsIsRead() throws InvalidPlatformConfig {
        var data =
                Json.Obj.of(
                        "ingress",
                        """
                        {"ingressDomain": "models.example.org", "ingressClassName": "nginx",
                         "urlScheme": "https", "additionalIngressDomains": ["b.example.org"],
                         "domainTemplate": "{{ .Name }}.{{ .Namespace }}.{{ .IngressDomain }}",
                         "pathTemplate": "/serving/{{ .Namespace }}/{{ .Name }}",
                         "enableGatewayApi": true, "kserveIngressGateway": "kserve/kserve-ingress-gateway",
                         "tlsSecretName": "models-tls", "disableHTTPRouteTimeout": true}\
                        """,
                        "deploy",
                        "{\"defaultDeploymentMode\": \"RawDeployment\"}",
                        "service",
                        "{\"serviceClusterIPNone\": true}",
                        "inferenceService",
                        "{\"resource\": {\"cpuLimit\": \"1\", \"memoryRequest\": \"2Gi\"}, \"serviceLabelDisallowedList\": [\"a\"]}",
                        "storageInitializer",
                        "{\"image\": \"x\", \"memoryRequest\": \"100Mi\", \"cpuLimit\": \"1\"}",
                        "autoscaler",
                        "{\"scaleUpStabilizationWindowSeconds\": \"5\"}",
                        "multiNode",
                        "{\"customGPUResourceTypeList\": [\"acme.com/npu\"]}");
        var config = read(data).config();

        var ingress = config.ingress();
        assertThat(ingress.domain()).isEqualTo("models.example.org");
        assertThat(ingress.moreDomains()).containsExactly("b.example.org");
        assertThat(ingress.gateway()).hasValue(new GatewayRef("kserve", "kserve-ingress-gateway"));
        assertThat(ingress.className()).hasValue("nginx");
        assertThat(ingress.tlsSecret()).hasValue("models-tls");
        assertThat(ingress.timed()).isFalse();
        assertThat(config.defaultMode()).isEqualTo(DeploymentMode.STANDARD);
        assertThat(config.headless()).isTrue();
        assertThat(config.containerDefaults().limits()).containsEntry("cpu", "1");
        assertThat(config.storageStep().requests()).containsEntry("memory", "100Mi");
        assertThat(config.scaleUpWindowSeconds()).isEqualTo(5);
        assertThat(config.scaleDownWindowSeconds()).isEqualTo(300);
        assertThat(config.gpuTypes()).containsExactly("acme.com/npu");
    }

    @Test
    void whatHasNoEffectIsNamed() throws InvalidPlatformConfig {
        var data =
                Json.Obj.of("logger", "{\"image\": \"x\"}", "ingres", "{}", "_example", "no json");
        assertThat(read(data).notes())
                .hasSize(2)
                .anySatisfy(note -> assertThat(note).startsWith("logger has no effect"))
                .anySatisfy(note -> assertThat(note).contains("did you mean \"ingress\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ingressDomain\": }|ingress: line 1, column 19",
                "{\"urlScheme\": \"ftp\"}|ingress: line 1, column 2: urlScheme: \"ftp\" is not http or https",
                "{\"enableGatewayApi\": \"yes\"}|enableGatewayApi: need true or false",
                "{\"enableGatewayApi\": true}|needs kserveIngressGateway",
                "{\"kserveIngressGateway\": \"one\"}|is not \"namespace/name\"",
                "{\"ingressDomain\": \"A B\"}|\"A B\" is no DNS name",
                "{\"domainTemplate\": \"{{ .Nmae }}.x\"}|must make a DNS name",
                "{\"pathTemplate\": \"models\"}|must make a path",
                "[]|need a JSON object"
            })
    void aMistakeIsToldWithItsPlace(String document, String message) {
        assertThatThrownBy(() -> read("ingress", document))
                .isInstanceOf(InvalidPlatformConfig.class)
                .hasMessageContaining(message);
    }

    @Test
    void lineAndColumnCountInTheDocument() {
        assertThatThrownBy(() -> read("ingress", "{\n  \"urlScheme\": \"http\",\n  oops\n}"))
                .hasMessageStartingWith("ingress: line 3, column ");
        assertThatThrownBy(() ->
                        read("autoscaler", "{\n \"scaleDownStabilizationWindowSeconds\": -1}"))
                .hasMessageStartingWith("autoscaler: line 2, column 2: ");
    }

    private static PlatformConfigs.Read read(String key, String document)
            throws InvalidPlatformConfig {
        return read(Json.Obj.of(key, document));
    }

    private static PlatformConfigs.Read read(Json.Obj data) throws InvalidPlatformConfig {
        return PlatformConfigs.read(Json.Obj.of("data", data), PlatformConfig.DEFAULT);
    }
}
