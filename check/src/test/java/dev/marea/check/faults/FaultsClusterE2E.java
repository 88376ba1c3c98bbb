package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.check.operator.SmallPlatform;
import dev.marea.local.objects.Resource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * K02, K07 and K08 on a real API server: {@code marea.cluster.kit} is the directory of the cluster
 * kit, whose CLUSTER_HOME and CLUSTER_PORT come from the environment.
 */
class FaultsClusterE2E {
    private static final Duration AWAY =
            Duration.ofSeconds(Integer.getInteger("marea.away.seconds", 60));
    private static final Duration BACK = Duration.ofSeconds(15);
    private static final String READY = "True/Ready";

    @BeforeAll
    static void needsTheKit() {
        assumeTrue(System.getProperty("marea.cluster.kit") != null, "no cluster kit is named");
    }

    private static void kit(String... words) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>(List.of("./cluster"));
        command.addAll(List.of(words));
        var process =
                new ProcessBuilder(command)
                        .directory(Path.of(System.getProperty("marea.cluster.kit")).toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s in time", command).isTrue();
        assertThat(process.exitValue()).as("%s", command).isZero();
    }

    private static void pass(Duration time, Runnable meanwhile) {
        long end = System.nanoTime() + time.toNanos();
        SmallPlatform.awaitWithin(
                time.plusSeconds(5),
                "time passes",
                () -> {
                    meanwhile.run();
                    return System.nanoTime() > end;
                });
    }

    @Test
    void anApiServerThatWasAwayFindsAllAsItWasAndIsHeardWithinSeconds() throws Exception {
        try (var troubled = Troubled.straight()) {
            troubled.apply("iris", "m1");
            troubled.await("ready", () -> troubled.settled("iris"));
            var routes = troubled.platform.routes();
            assertThat(routes).hasSize(1);
            kit("stop", "kube-apiserver");
            try {
                pass(AWAY, () -> assertThat(troubled.platform.routes()).isEqualTo(routes));
            } finally {
                kit("start", "kube-apiserver");
            }
            SmallPlatform.awaitWithin(
                    Duration.ofSeconds(60), "the API is back", FaultsClusterE2E.answers(troubled));
            assertThat(troubled.condition("iris", "Ready")).isEqualTo(READY);
            troubled.apply("iris", "m2");
            SmallPlatform.awaitWithin(
                    BACK,
                    "the change is acted on",
                    () ->
                            troubled.platform
                                    .names(Resource.DEPLOYMENT)
                                    .contains("iris-predictor-00002"));
            // The controllers of Deployments were away as well, and come back in their own time.
            SmallPlatform.awaitWithin(
                    Duration.ofMinutes(3), "rolled out", () -> troubled.settled("iris"));
        }
    }

    private static java.util.function.BooleanSupplier answers(Troubled troubled) {
        return () -> {
            try {
                return troubled.api.get("/readyz").status() == 200;
            } catch (AssertionError | RuntimeException away) {
                return false;
            }
        };
    }

    private static PolicyRule rule(List<String> groups, List<String> resources, String... verbs) {
        return new PolicyRuleBuilder()
                .withApiGroups(groups)
                .withResources(resources)
                .withVerbs(verbs)
                .build();
    }

    private static final PolicyRule SEES = rule(List.of("*"), List.of("*"), "get", "list", "watch");
    private static final PolicyRule WRITES_MOST =
            rule(
                    List.of("", "apps", "serving.kserve.io", "discovery.k8s.io"),
                    List.of(
                            "services",
                            "configmaps",
                            "events",
                            "controllerrevisions",
                            "inferenceservices",
                            "inferenceservices/status",
                            "clusterservingruntimes",
                            "endpointslices"),
                    "create",
                    "update",
                    "patch",
                    "delete");
    private static final PolicyRule WRITES_DEPLOYMENTS =
            rule(
                    List.of("apps"),
                    List.of("deployments", "deployments/scale"),
                    "create",
                    "update",
                    "patch",
                    "delete");

    private static void role(ApiUnderTest api, String name, PolicyRule... rules) {
        api.client()
                .resource(
                        new ClusterRoleBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .withRules(rules)
                                .build())
                .createOr(io.fabric8.kubernetes.client.dsl.NonDeletingOperation::update);
    }

    /** A ServiceAccount bound to a role of its own, and a kubeconfig with its token. */
    private static Path account(ApiUnderTest api, String name) throws IOException {
        var client = api.client();
        client.serviceAccounts()
                .inNamespace(api.namespace())
                .resource(
                        new io.fabric8.kubernetes.api.model.ServiceAccountBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                .create();
        client.resource(
                        new io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name)
                                .addNewSubject("", "ServiceAccount", name, api.namespace())
                                .build())
                .create();
        var token =
                api.ask(
                                "POST",
                                "/api/v1/namespaces/"
                                        + api.namespace()
                                        + "/serviceaccounts/"
                                        + name
                                        + "/token",
                                "application/json",
                                "application/json",
                                "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{}}")
                        .json()
                        .text("status", "token")
                        .orElseThrow();
        var config = client.getConfiguration();
        var file = Files.createTempFile("marea-account", ".yaml");
        return Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: it, cluster: {server: "%s", certificate-authority-data: "%s"}}]
                users: [{name: it, user: {token: "%s"}}]
                contexts: [{name: it, context: {cluster: it, user: it}}]
                current-context: it
                """
                        .formatted(config.getMasterUrl(), config.getCaCertData(), token));
    }

    @Test
    void aRightThatIsTakenAwayIsNamedAndMissedByNothingElse() throws Exception {
        var api = ApiUnderTest.open();
        var name = "operator-of-" + api.namespace();
        role(api, name, SEES, WRITES_MOST, WRITES_DEPLOYMENTS);
        var kubeconfig = account(api, name);
        try (var troubled =
                new Troubled(
                        api,
                        Middlebox.before(api.kubeconfig()),
                        kubeconfig,
                        InstantSource.system())) {
            troubled.apply("iris", "m1");
            troubled.await("ready", () -> troubled.settled("iris"));
            role(api, name, SEES, WRITES_MOST);
            troubled.apply("iris", "m2");
            troubled.await(
                    "the condition says it",
                    () -> troubled.condition("iris", "Ready").equals("False/PermissionDenied"));
            assertThat(troubled.traffic("iris")).isEqualTo("{1=100}");
            role(api, name, SEES, WRITES_MOST, WRITES_DEPLOYMENTS);
            troubled.await("rolled out", () -> troubled.traffic("iris").equals("{2=100}"));
        } finally {
            Files.delete(kubeconfig);
        }
    }
}
