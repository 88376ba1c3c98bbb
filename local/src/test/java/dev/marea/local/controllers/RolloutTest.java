package dev.marea.local.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RolloutTest {
    private static DeploymentView deployment(int replicas, Object surge, Object unavailable) {
        return new DeploymentView(
                Json.Obj.of(
                        "metadata", Json.Obj.of("name", "web"),
                        "spec",
                                Json.Obj.of(
                                        "replicas",
                                        replicas,
                                        "strategy",
                                        Json.Obj.of(
                                                "rollingUpdate",
                                                Json.Obj.of(
                                                        "maxSurge", surge,
                                                        "maxUnavailable", unavailable)))));
    }

    private static ReplicaSetView set(String name, int replicas, int available, int sizedFor) {
        return new ReplicaSetView(
                Json.Obj.of(
                        "metadata",
                                Json.Obj.of(
                                        "name",
                                        name,
                                        "annotations",
                                        Json.Obj.of(
                                                ReplicaSetView.DESIRED, "" + sizedFor,
                                                ReplicaSetView.MAX, "" + (sizedFor + 1))),
                        "spec", Json.Obj.of("replicas", replicas),
                        "status",
                                Json.Obj.of("replicas", replicas, "availableReplicas", available)));
    }

    @ParameterizedTest
    @CsvSource({
        "10, 25%, 25%, 3, 2", /* surge is rounded up, absence down */
        "10, 0, 0, 0, 1", /* neither would never move */
        "1, 25%, 25%, 1, 0",
        "4, 100%, 50%, 4, 2",
        "3, 2, 9, 2, 3", /* more cannot be missing than there are */
    })
    void resolvesItsBudgets(int replicas, String surge, String unavailable, int up, int down) {
        var view = deployment(replicas, number(surge), number(unavailable));

        assertThat(view.surge()).isEqualTo(up);
        assertThat(view.unavailable()).isEqualTo(down);
    }

    private static Object number(String text) {
        return text.endsWith("%") ? text : Integer.valueOf(text);
    }

    @ParameterizedTest
    @CsvSource({
        // wanted, surge, unavailable, new, newAvailable, old, oldAvailable -> new, old
        "3, 1, 0, 0, 0, 3, 3, 1, 3",
        "3, 1, 0, 1, 0, 3, 3, 1, 3", /* waits for the new one */
        "3, 1, 0, 1, 1, 3, 3, 1, 2",
        "3, 0, 1, 0, 0, 3, 3, 0, 2", /* no surge: one goes first */
        "3, 1, 0, 1, 0, 3, 1, 1, 3", /* too few serve already: none that serves may go */
        "3, 1, 1, 1, 0, 3, 2, 1, 2", /* but one that does not serve may */
        "2, 1, 0, 2, 2, 1, 1, 2, 0",
        "2, 1, 0, 5, 5, 0, 0, 2, 0", /* scaled down meanwhile */
    })
    void takesOneStep(
            int wanted,
            int surge,
            int unavailable,
            int fresh,
            int freshAvailable,
            int old,
            int oldAvailable,
            int freshNext,
            int oldNext) {
        var latest = set("new", fresh, freshAvailable, wanted);
        var rollout =
                new Rollout(
                        deployment(wanted, surge, unavailable),
                        Optional.of(latest),
                        List.of(set("old", old, oldAvailable, wanted)));

        var steps = rollout.roll();

        assertThat(size(steps, "new", fresh)).as("new").isEqualTo(freshNext);
        assertThat(size(steps, "old", old)).as("old").isEqualTo(oldNext);
    }

    private static int size(List<Rollout.Resize> steps, String name, int otherwise) {
        return steps.stream()
                .filter(step -> step.set().name().equals(name))
                .map(Rollout.Resize::replicas)
                .findFirst()
                .orElse(otherwise);
    }

    @Test
    void scalingInTheMiddleOfARolloutSharesOut() {
        var rollout =
                new Rollout(
                        deployment(10, 1, 0),
                        Optional.of(set("new", 2, 0, 5)),
                        List.of(set("old", 4, 4, 5)));

        assertThat(rollout.scales()).isTrue();
        var steps = rollout.scale();

        assertThat(steps.stream().mapToInt(Rollout.Resize::replicas).sum()).isEqualTo(11);
        assertThat(size(steps, "old", 4)).isEqualTo(7);
        assertThat(size(steps, "new", 2)).isEqualTo(4);
    }

    @Test
    void aSetThatHasItsSizeIsStillToldWhatItWasSizedFor() {
        var rollout =
                new Rollout(deployment(2, 1, 0), Optional.empty(), List.of(set("old", 2, 2, 1)));

        assertThat(rollout.scale())
                .containsExactly(new Rollout.Resize(rollout.old().getFirst(), 2));
    }
}
