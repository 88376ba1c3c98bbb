package dev.marea.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.app.home.ConfigFile.BadConfig;
import dev.marea.wire.http.EventLoops;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleConfigTest {
    @TempDir Path directory;

    @Test
    void withoutAFileTheDefaultsHold() throws Exception {
        var nowhere = directory.resolve("config.yaml");
        assertThat(OperatorConfig.read(nowhere).webhookPort()).isEqualTo(9443);
        assertThat(OperatorConfig.read(nowhere).watchNamespaces()).isEmpty();
        assertThat(GatewayConfig.read(nowhere).port()).isEqualTo(8080);
        assertThat(GatewayConfig.read(nowhere).tls()).isEqualTo(Path.of("/etc/marea/tls"));
    }

    @Test
    void eachRoleReadsItsOwnSection() throws Exception {
        var file =
                file(
                        """
                        operator: {domain: models.example, watchNamespaces: [red, blue], networkPolicies: false}
                        gateway: {drainSeconds: 7, noticeSeconds: 0}
                        """);
        var operator = OperatorConfig.read(file);
        assertThat(operator.domain()).isEqualTo("models.example");
        assertThat(operator.watchNamespaces()).containsExactlyInAnyOrder("red", "blue");
        assertThat(operator.networkPolicies()).isFalse();
        assertThat(GatewayConfig.read(file).drain()).isEqualTo(Duration.ofSeconds(7));
        assertThat(GatewayConfig.read(file).notice()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "operatr: {}                          | unknown key operatr; did you mean operator?",
                "operator: {domian: a.example}        | unknown key operator.domian; did you mean domain?",
                "operator: {scheme: ftp}              | operator.scheme must be http or https, was ftp",
                "operator: {feedPort: 70000}          | operator.feedPort must be a whole number of 0 to 65535",
                "operator: {watchNamespaces: red}     | operator.watchNamespaces must be a list",
                "operator: {watchNamespaces: [1]}     | operator.watchNamespaces must be a list of names",
                "operator: {networkPolicies: 1}       | operator.networkPolicies must be true or false",
                "operator: []                         | operator must be a map of settings",
                "'operator: {domain: [a]}'            | operator.domain must be a text",
            })
    void aWrongSettingIsNamed(String text, String reason) throws Exception {
        var file = file(text);
        assertThatThrownBy(() -> OperatorConfig.read(file))
                .isInstanceOf(BadConfig.class)
                .hasMessage(file + ": " + reason);
    }

    @Test
    void aRoleMustKnowItsPod() {
        assertThatThrownBy(() -> new Pod("", "marea-system"))
                .hasMessageContaining("POD_NAME and POD_NAMESPACE");
    }

    @Test
    void theOperatorTellsServicesWhereTheGatewayIs() throws Exception {
        try (var loops = EventLoops.open(1)) {
            var settings =
                    OperatorRole.settings(
                            OperatorConfig.read(file("operator: {imagePrefix: far.example/m}")),
                            new Pod("marea-operator-1", "tide"),
                            loops);
            assertThat(settings.addresses().inside())
                    .isEqualTo("http://marea-gateway.tide.svc.cluster.local");
            assertThat(settings.images().server()).startsWith("far.example/m/marea-server:");
            assertThat(settings.installation())
                    .hasValueSatisfying(i -> assertThat(i.namespace()).isEqualTo("tide"));
        }
    }

    @Test
    void aGatewayGoesOnForItsNoticeAndThenDrains() throws Exception {
        var config = GatewayConfig.read(file("gateway: {noticeSeconds: 3, drainSeconds: 7}"));
        var settings = GatewayRole.settings(config, new Pod("marea-gateway-1", "tide"));
        assertThat(settings.lead()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(7));
    }

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("config.yaml"), text);
    }
}
