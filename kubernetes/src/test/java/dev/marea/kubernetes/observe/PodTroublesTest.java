package dev.marea.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.Revision.Trouble;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTroublesTest {
    private static final String LOAD =
            "{containerStatuses: [{name: k, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 3, message: \"INFO hello\\n\\nno model file in /mnt/models\"}}}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{containerStatuses: [{name: k, state: {waiting: {reason: ContainerCreating}}}]} | none",
                "{containerStatuses: [{name: k, ready: true, lastState: {terminated: {exitCode: 1}}}]} | none",
                "{containerStatuses: [{name: k, image: 'x:1', state: {waiting: {reason: ImagePullBackOff, message: denied}}}]} | ImageNotRunnable! image x:1 cannot be run: denied",
                "{containerStatuses: [{name: k, image: 'x:1', state: {waiting: {reason: ImageNotRunnable, message: map it}}}]} | ImageNotRunnable! image x:1 cannot be run: map it",
                "{containerStatuses: [{name: k, state: {waiting: {reason: CreateContainerConfigError, message: no secret s}}}]} | RuntimeUnhealthy! container k cannot start: no secret s",
                "{containerStatuses: [{name: k, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 137}}}]} | RuntimeUnhealthy container k ended with exit code 137",
                "{containerStatuses: [{name: k, restartCount: 2, state: {running: {}}, lastState: {terminated: {exitCode: 1, message: boom}}}]} | RuntimeUnhealthy! container k ended with exit code 1: boom",
                "{containerStatuses: [{name: k, state: {terminated: {exitCode: 3, message: bad pickle}}}]} | ModelLoadFailed! bad pickle",
                "{initContainerStatuses: [{name: storage-initializer, state: {terminated: {exitCode: 1, message: 404 for x}}}], containerStatuses: [{name: k, state: {waiting: {reason: PodInitializing}}}]} | ModelLoadFailed! 404 for x (attempt 1)",
                "{initContainerStatuses: [{name: storage-initializer, restartCount: 2, state: {waiting: {reason: CrashLoopBackOff, message: 'back-off 40s restarting failed container=storage-initializer pod=p'}}, lastState: {terminated: {exitCode: 1, message: 503 of the store}}}]} | ModelLoadFailed! 503 of the store (attempt 3; the next one in 40s)",
                "{conditions: [{type: PodScheduled, status: 'False', message: no room}]} | Unschedulable no node takes the pod: no room",
                "{conditions: [{type: PodScheduled, status: 'False', message: '0/1 nodes are available: persistentvolumeclaim \"m\" not found. preemption: no'}]} | Unschedulable a volume claim is missing: 0/1 nodes are available: persistentvolumeclaim \"m\" not found; create it, or correct storageUri or volumes",
            })
    void readsWhyAPodIsNotReady(String status, String trouble) {
        assertThat(of(List.of(pod("{}", status))).map(PodTroublesTest::brief).orElse("none"))
                .isEqualTo(trouble);
    }

    @Test
    void aLogsTailIsReducedToItsLastLines() {
        assertThat(of(List.of(pod("{}", LOAD))).orElseThrow().message())
                .endsWith("no model file in /mnt/models");
    }

    @Test
    void podsThatAreGoingOrReadyDoNotCount() {
        var going = pod("{deletionTimestamp: '2026-01-01T00:00:00Z'}", LOAD);
        var ready =
                pod(
                        "{}",
                        "{conditions: [{type: Ready, status: 'True'}], containerStatuses: [{name: side, restartCount: 9, lastState: {terminated: {exitCode: 1}}}]}");
        assertThat(of(List.of(going, ready))).isEmpty();
    }

    @Test
    void theGravestIsToldWithTheNumberOfPodsThatShareIt() {
        var stuck = pod("{}", "{conditions: [{type: PodScheduled, status: 'False'}]}");
        var trouble = of(List.of(stuck, pod("{}", LOAD), pod("{}", LOAD))).orElseThrow();
        assertThat(trouble.reason().wireName()).isEqualTo("ModelLoadFailed");
        assertThat(trouble.pods()).isEqualTo(2);
    }

    @Test
    void whatIsToldDoesNotDependOnTheOrderOfThePods() {
        var a = pod("{name: a}", LOAD);
        var b = pod("{name: b}", LOAD.replace("hello", "other"));
        assertThat(of(List.of(a, b))).isEqualTo(of(List.of(b, a)));
        assertThat(of(List.of(a, b)).orElseThrow().pod()).contains("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'pods \"x\" is forbidden: exceeded quota: small, requested: limits.memory=2Gi' | the namespace's quota is used up, so no pod is made: exceeded quota: small, requested: limits.memory=2Gi",
                "'pods \"x\" is forbidden: violates PodSecurity' | the API refuses the service's pods: pods \"x\" is forbidden: violates PodSecurity",
            })
    void whatKeepsADeploymentFromMakingPodsIsTold(String said, String told) {
        var condition = Json.Obj.of("type", "ReplicaFailure", "status", "True", "message", said);
        var deployment = Json.Obj.of("status", Json.Obj.of("conditions", List.of(condition)));
        var trouble = PodTroubles.refused(deployment).orElseThrow();
        assertThat(trouble.reason().wireName()).isEqualTo("PodsRefused");
        assertThat(trouble.message()).isEqualTo(told);
    }

    private static Optional<Trouble> of(List<Json.Obj> pods) {
        return PodTroubles.of(pods, _ -> Optional.empty());
    }

    private static String brief(Trouble t) {
        return t.reason().wireName() + (t.terminal() ? "! " : " ") + t.message();
    }

    private static Json.Obj pod(String metadata, String status) {
        try {
            return Json.Obj.of(
                    "metadata",
                    Yaml.read(metadata).getFirst(),
                    "status",
                    Yaml.read(status).getFirst());
        } catch (MalformedJson bad) {
            throw new IllegalArgumentException(bad);
        }
    }
}
