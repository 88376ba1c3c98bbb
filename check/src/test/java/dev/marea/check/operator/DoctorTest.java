package dev.marea.check.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.app.doctor.Doctor;
import dev.marea.app.doctor.Finding;
import dev.marea.app.doctor.Finding.Level;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code marea doctor} says of an API that is as it is. */
class DoctorTest {
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:10Z");

    private SmallPlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new SmallPlatform();
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private List<Finding> examine() throws IOException {
        return new Doctor(platform.cluster, platform.namespace(), () -> NOW).examine();
    }

    private static Finding of(List<Finding> findings, String subject) {
        return findings.stream()
                .filter(f -> f.subject().equals(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError(subject + " in " + findings));
    }

    @Test
    void theApiAndOurKindsAreKnown() throws Exception {
        var findings = examine();
        assertThat(of(findings, "API").level()).isEqualTo(Level.OK);
        assertThat(of(findings, "kinds").found())
                .isEqualTo(
                        "served: inferenceservices, servingruntimes, clusterservingruntimes, trainedmodels, clusterstoragecontainers, localmodelcaches, localmodelnamespacecaches, localmodelnodegroups, localmodelnodes");
        assertThat(of(findings, "permissions").level()).isEqualTo(Level.OK);
    }

    @Test
    void theOneMachineIsWell() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(platform.api().isOurs());
        var findings = examine();
        assertThat(findings).allSatisfy(f -> assertThat(f.level()).isEqualTo(Level.OK));
        assertThat(of(findings, "admission").found())
                .isEqualTo("mistakes in manifests are refused when they are applied");
    }

    @Test
    void aClusterWithoutMareaIsToldWhatToDo() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeFalse(platform.api().isOurs());
        var operator = of(examine(), "operator");
        assertThat(operator.level()).isEqualTo(Level.FAIL);
        assertThat(operator.found())
                .isEqualTo(
                        "there is no Deployment marea-operator in namespace "
                                + platform.namespace());
        assertThat(operator.advice()).contains("helm install");
    }

    @Test
    void aLeaderThatIsSilentIsNamed() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeFalse(platform.api().isOurs());
        lease("2026-11-24T23:59:00.000000Z");
        assertThat(examine())
                .filteredOn(f -> f.found().contains("operator-7"))
                .singleElement()
                .isEqualTo(
                        new Finding(
                                Level.FAIL,
                                "operator",
                                "the leader operator-7 has not renewed its lease for 70 s",
                                "another replica takes over within 15 s; see the operators' logs"));
        lease("2026-11-25T00:00:08.000000Z");
        assertThat(examine())
                .filteredOn(f -> f.found().contains("operator-7"))
                .singleElement()
                .extracting(Finding::found)
                .isEqualTo("operator-7 leads; its lease was renewed 2 s ago");
    }

    private void lease(String renewed) throws Exception {
        platform.cluster.apply(
                (Json.Obj)
                        Yaml.read(
                                        """
                                        apiVersion: coordination.k8s.io/v1
                                        kind: Lease
                                        metadata: {name: marea-operator}
                                        spec: {holderIdentity: operator-7, leaseDurationSeconds: 15, renewTime: "%s"}
                                        """
                                                .formatted(renewed))
                                .getFirst(),
                platform.namespace(),
                _ -> {});
    }
}
