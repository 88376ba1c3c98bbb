package dev.marea.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.marea.app.platform.Version;
import dev.marea.check.e2e.Run;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The chart and the manifest made of it. What needs Helm is skipped where Helm is not. */
class ChartTest {
    private static final Path CHARTS = Path.of("../charts");
    private static final String HELM = System.getProperty("marea.helm", "helm");
    private static final long CRDS_BYTES_MAX = 150_000;

    @Test
    void theChartIsOfThisVersion() throws Exception {
        var chart = Yaml.read(Files.readString(CHARTS.resolve("marea/Chart.yaml"))).getFirst();
        assertThat(chart.text("version")).hasValue(Version.CURRENT);
        assertThat(chart.text("appVersion")).hasValue(Version.CURRENT);
    }

    @Test
    void itsKindsAreTheOnesThatWeRead() throws Exception {
        var sources = Path.of("../wire/formats/src/main/resources/dev/marea/wire/crds");
        var copies = CHARTS.resolve("marea/files/crds");
        assertThat(names(copies)).isEqualTo(names(sources));
        long bytes = 0;
        for (var name : names(sources)) {
            assertThat(copies.resolve(name))
                    .as("run charts/render")
                    .hasSameTextualContentAs(sources.resolve(name));
            bytes += Files.size(copies.resolve(name));
        }
        assertThat(bytes).isLessThan(CRDS_BYTES_MAX);
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void everyPodOfTheManifestIsRestricted() throws Exception {
        var deployments = ofKind(manifest(), "Deployment");
        assertThat(deployments).hasSize(2);
        for (var deployment : deployments) {
            var pod = deployment.object("spec", "template", "spec");
            assertThat(pod.flag("securityContext", "runAsNonRoot")).isTrue();
            assertThat(pod.text("securityContext", "seccompProfile", "type"))
                    .hasValue("RuntimeDefault");
            assertThat(pod.text("priorityClassName")).isPresent();
            assertThat(pod.list("topologySpreadConstraints")).isNotEmpty();
            var container = pod.list("containers").getFirst();
            assertThat(container.flag("securityContext", "readOnlyRootFilesystem")).isTrue();
            assertThat(container.list("securityContext", "capabilities", "drop"))
                    .containsExactly(Json.of("ALL"));
            assertThat(container.at("resources", "requests", "memory")).isPresent();
            assertThat(container.at("resources", "limits", "memory")).isPresent();
            for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(container.at(probe)).isPresent();
            }
        }
    }

    @Test
    void onlyTheOperatorHoldsAToken() throws Exception {
        for (var deployment : ofKind(manifest(), "Deployment")) {
            var name = deployment.text("metadata", "name").orElseThrow();
            assertThat(deployment.flag("spec", "template", "spec", "automountServiceAccountToken"))
                    .isEqualTo(name.equals("marea-operator"));
        }
    }

    @Test
    void noRoleHasAStarOrReachesAllSecrets() throws Exception {
        var roles = new ArrayList<>(ofKind(manifest(), "ClusterRole"));
        assertThat(roles).hasSize(1);
        assertThat(roles.getFirst().toString()).doesNotContain("\"secrets\"");
        roles.addAll(ofKind(manifest(), "Role"));
        assertThat(roles).hasSize(2).allSatisfy(r -> assertThat(r.toString()).doesNotContain("*"));
    }

    @Test
    void theGatewaysDrainFitsIntoTheirGrace() throws Exception {
        var gateway =
                ofKind(manifest(), "Deployment").stream()
                        .filter(d -> d.text("metadata", "name").orElse("").equals("marea-gateway"))
                        .findFirst()
                        .orElseThrow();
        var config = ofKind(manifest(), "ConfigMap").getFirst().text("data", "config.yaml");
        var settings = Yaml.read(config.orElseThrow()).getFirst();
        var needed =
                settings.integer("gateway", "noticeSeconds").orElseThrow()
                        + settings.integer("gateway", "drainSeconds").orElseThrow();
        assertThat(
                        gateway.integer("spec", "template", "spec", "terminationGracePeriodSeconds")
                                .orElseThrow())
                .isGreaterThan(needed);
    }

    @Test
    void theManifestIsTheChartWithItsDefaults() throws Exception {
        needHelm();
        var run = run(CHARTS.resolve("render").toAbsolutePath().toString(), "--check");
        assertThat(run.exit()).as("run charts/render: %s", run).isZero();
    }

    @Test
    void helmFindsNothingToSay() throws Exception {
        needHelm();
        run(HELM, "lint", "--strict", "marea").ok();
    }

    @Test
    void aMistypedValueIsRefused() throws Exception {
        needHelm();
        assertThat(template("--set", "gatewy.replicas=3").failed()).contains("gatewy");
        assertThat(template("--set", "uninstall=burn").failed()).contains("uninstall");
    }

    @Test
    void aListOfNamespacesIsAllThatTheOperatorReaches() throws Exception {
        needHelm();
        var trees = trees(template("--set", "watchNamespaces={red,blue}").ok());
        var wide = ofKind(trees, "ClusterRole").getFirst();
        assertThat(wide.toString())
                .doesNotContain("deployments")
                .doesNotContain("pods")
                .doesNotContain("configmaps");
        assertThat(ofKind(trees, "Role"))
                .extracting(role -> role.text("metadata", "namespace").orElse(""))
                .contains("red", "blue");
        var config = ofKind(trees, "ConfigMap").getFirst().text("data", "config.yaml");
        assertThat(Yaml.read(config.orElseThrow()).getFirst().list("operator", "watchNamespaces"))
                .containsExactly(Json.of("red"), Json.of("blue"));
    }

    @Test
    void whatUninstallingKeepsIsMarkedSo() throws Exception {
        needHelm();
        assertThat(kept("keep-services")).containsOnly("CustomResourceDefinition");
        assertThat(kept("keep-serving"))
                .contains("CustomResourceDefinition", "Deployment", "Service", "ConfigMap");
        assertThat(kept("remove-all")).isEmpty();
    }

    private static List<String> kept(String choice) throws Exception {
        return trees(template("--set", "uninstall=" + choice).ok()).stream()
                .filter(t ->
                        t.text("metadata", "annotations", "helm.sh/resource-policy").isPresent())
                .map(t -> t.text("kind").orElse(""))
                .toList();
    }

    private static void needHelm() {
        try {
            assumeTrue(run(HELM, "version", "--short").exit() == 0, "helm does not run");
        } catch (Exception absent) {
            assumeTrue(false, "no helm on the path, and -Dmarea.helm names none");
        }
    }

    private static Run template(String... more) throws Exception {
        var args = new ArrayList<>(List.of(HELM, "template", "marea", "marea"));
        args.addAll(List.of("-n", "marea-system", "--kube-version", "1.34.0"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private static Run run(String... command) throws Exception {
        return Run.of(CHARTS, Map.of("HELM", HELM), "", List.of(command));
    }

    private static List<Json> manifest() throws Exception {
        return trees(Files.readString(CHARTS.resolve("install.yaml")));
    }

    private static List<Json> trees(String text) throws Exception {
        return Yaml.read(text);
    }

    private static List<Json> ofKind(List<Json> trees, String kind) {
        return trees.stream().filter(t -> t.text("kind").orElse("").equals(kind)).toList();
    }
}
