package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Component;
import dev.marea.wire.json.Json;
import java.util.Map;
import java.util.Optional;

/**
 * How many replicas may be taken away at a time when nodes are drained. It is always said as
 * maxUnavailable, so that no budget ever keeps a node from being drained: not that of a service
 * with a single replica, nor of one that has fewer than it wants.
 */
public final class DisruptionBudget {
    private static final String NONE = "none";

    private DisruptionBudget() {}

    /** One for a service that always has two replicas or more, or whose author asks for one. */
    public static Optional<Json.Obj> of(Subject subject, Component component) {
        var asked = subject.annotations().get(Names.DISRUPTION_BUDGET);
        if (NONE.equals(asked) || (asked == null && component.scale().min() < 2)) {
            return Optional.empty();
        }
        var spec =
                Json.Obj.of(
                        "maxUnavailable",
                        asked == null ? Json.of(1) : amount(asked),
                        // A replica that does not serve protects nobody.
                        "unhealthyPodEvictionPolicy",
                        "AlwaysAllow",
                        "selector",
                        subject.pods());
        return Optional.of(
                OwnedObject.of(
                        subject,
                        "policy/v1",
                        "PodDisruptionBudget",
                        Names.predictor(subject.name()),
                        Map.of(),
                        Json.Obj.of("spec", spec)));
    }

    /** Admission has seen to it that it is a number or a percentage. */
    private static Json amount(String asked) {
        return asked.endsWith("%") ? Json.of(asked) : Json.of(Integer.parseInt(asked));
    }
}
