package dev.marea.wire.admission;

import static dev.marea.wire.kserve.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSecurityTest {
    private static List<String> fields(Json.Obj object, PodProfile profile) {
        return PodSecurity.check(object, profile).stream()
                .map(Admission.FieldError::field)
                .toList();
    }

    private static Json.Obj predictor(String fields) {
        return yaml("{spec: {predictor: {" + fields + "}}}");
    }

    /** A predictor's fields, what is refused of them, and the profile that first allows it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "hostNetwork: true | hostNetwork | privileged",
                "hostPID: true | hostPID | privileged",
                "hostIPC: true | hostIPC | privileged",
                "volumes: [{name: a, hostPath: {path: /}}] | volumes[0].hostPath | privileged",
                "volumes: [{name: a, nfs: {server: b, path: /}}] | volumes[0].nfs | baseline",
                "model: {securityContext: {privileged: true}} | model.securityContext.privileged | privileged",
                "sklearn: {securityContext: {privileged: true}} | sklearn.securityContext.privileged | privileged",
                "containers: [{securityContext: {capabilities: {add: [NET_RAW]}}}] | containers[0].securityContext.capabilities.add[0] | privileged",
                "containers: [{securityContext: {capabilities: {add: [CHOWN]}}}] | containers[0].securityContext.capabilities.add[0] | baseline",
                "initContainers: [{securityContext: {procMount: Unmasked}}] | initContainers[0].securityContext.procMount | privileged",
                "containers: [{ports: [{containerPort: 1, hostPort: 1}]}] | containers[0].ports[0].hostPort | privileged",
                "containers: [{livenessProbe: {httpGet: {host: 10.0.0.1}}}] | containers[0].livenessProbe.httpGet.host | privileged",
                "containers: [{lifecycle: {preStop: {httpGet: {host: a}}}}] | containers[0].lifecycle.preStop.httpGet.host | privileged",
                "securityContext: {sysctls: [{name: kernel.msgmax}]} | securityContext.sysctls[0].name | privileged",
                "securityContext: {seccompProfile: {type: Unconfined}} | securityContext.seccompProfile.type | privileged",
                "securityContext: {appArmorProfile: {type: Unconfined}} | securityContext.appArmorProfile.type | privileged",
                "securityContext: {seLinuxOptions: {type: spc_t}} | securityContext.seLinuxOptions | privileged",
                "securityContext: {seLinuxOptions: {role: sysadm_r}} | securityContext.seLinuxOptions | privileged",
                "securityContext: {windowsOptions: {hostProcess: true}} | securityContext.windowsOptions.hostProcess | privileged",
                "securityContext: {runAsUser: 0} | securityContext.runAsUser | baseline",
                "securityContext: {runAsNonRoot: false} | securityContext.runAsNonRoot | baseline",
                "model: {securityContext: {allowPrivilegeEscalation: true}} | model.securityContext.allowPrivilegeEscalation | baseline",
                "annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined} | annotations[container.apparmor.security.beta.kubernetes.io/a] | privileged",
                "canary: {hostNetwork: true} | canary.hostNetwork | privileged",
                "workerSpec: {hostIPC: true} | workerSpec.hostIPC | privileged",
            })
    void isRefused(String said, String field, String allows) {
        var object = predictor(said);

        assertThat(fields(object, PodProfile.RESTRICTED))
                .containsExactly("spec.predictor." + field);
        assertThat(fields(object, PodProfile.BASELINE))
                .hasSize(allows.equals("privileged") ? 1 : 0);
        assertThat(fields(object, PodProfile.PRIVILEGED)).isEmpty();
        assertThat(PodSecurity.check(object, PodProfile.RESTRICTED).getFirst().message())
                .contains("label pod-security.kubernetes.io/enforce=" + allows);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "hostNetwork: false",
                "model: {securityContext: {runAsUser: 1000, runAsNonRoot: true}}",
                "securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout, value: '1'}]}",
                "containers: [{securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]",
                "securityContext: {seLinuxOptions: {type: container_t, level: s0}}",
                "volumes: [{name: a, emptyDir: {}}, {name: b, secret: {secretName: c}}, {name: d}]",
                "securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}",
            })
    void isTaken(String said) {
        assertThat(fields(predictor(said), PodProfile.RESTRICTED)).isEmpty();
    }

    @Test
    void namedCanariesAndRuntimesAreJudgedToo() {
        var canary = yaml("{spec: {predictor: {}, canary: [{predictor: {hostPID: true}}]}}");
        var runtime = yaml("{spec: {hostIPC: true, workerSpec: {hostPID: true}}}");

        assertThat(fields(canary, PodProfile.RESTRICTED))
                .containsExactly("spec.canary[0].predictor.hostPID");
        assertThat(fields(runtime, PodProfile.BASELINE))
                .containsExactly("spec.hostIPC", "spec.workerSpec.hostPID");
    }

    @Test
    void aNamespaceThatSaysNothingIsRestricted() {
        assertThat(PodProfile.of(Optional.empty())).isEqualTo(PodProfile.RESTRICTED);
        assertThat(PodProfile.of(Optional.of("baseline"))).isEqualTo(PodProfile.BASELINE);
        assertThat(PodProfile.of(Optional.of("privileged"))).isEqualTo(PodProfile.PRIVILEGED);
        assertThat(PodProfile.of(Optional.of("nonsense"))).isEqualTo(PodProfile.RESTRICTED);
    }
}
