package dev.marea.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.Revision.Trouble;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import java.util.List;
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
                "{initContainerStatuses: [{name: storage-initializer, state: {terminated: {exitCode: 1, message: 404 for x}}}], containerStatuses: [{name: k, state: {waiting: {reason: PodInitializing}}}]} | ModelLoadFailed! 404 for x",
                "{conditions: [{type: PodScheduled, status: 'False', message: no room}]} | Unschedulable no node takes the pod: no room",
            })
    void readsWhyAPodIsNotReady(String status, String trouble) {
        assertThat(
                        PodTroubles.of(List.of(pod("{}", status)))
                                .map(PodTroublesTest::brief)
                                .orElse("none"))
                .isEqualTo(trouble);
    }

    @Test
    void aLogsTailIsReducedToItsLastLines() {
        assertThat(PodTroubles.of(List.of(pod("{}", LOAD))).orElseThrow().message())
                .endsWith("no model file in /mnt/models");
    }

    @Test
    void podsThatAreGoingOrReadyDoNotCount() {
        var going = pod("{deletionTimestamp: '2026-01-01T00:00:00Z'}", LOAD);
        var ready =
                pod(
                        "{}",
                        "{conditions: [{type: Ready, status: 'True'}], containerStatuses: [{name: side, restartCount: 9, lastState: {terminated: {exitCode: 1}}}]}");
        assertThat(PodTroubles.of(List.of(going, ready))).isEmpty();
    }

    @Test
    void theGravestIsToldWithTheNumberOfPodsThatShareIt() {
        var stuck = pod("{}", "{conditions: [{type: PodScheduled, status: 'False'}]}");
        var trouble =
                PodTroubles.of(List.of(stuck, pod("{}", LOAD), pod("{}", LOAD))).orElseThrow();
        assertThat(trouble.reason().wireName()).isEqualTo("ModelLoadFailed");
        assertThat(trouble.pods()).isEqualTo(2);
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
