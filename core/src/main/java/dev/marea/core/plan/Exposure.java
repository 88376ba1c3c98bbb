package dev.marea.core.plan;

import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.Reason;
import java.util.List;

/**
 * Whether a service is reached by the names that it should have.
 *
 * @param truth of the condition IngressReady
 * @param conflicts names that somebody else had first, one sentence each
 */
public record Exposure(Truth truth, Reason reason, String message, List<String> conflicts) {
    public static final Exposure IN_FORCE = new Exposure(Truth.TRUE, Reason.READY, "", List.of());

    public Exposure {
        conflicts = List.copyOf(conflicts);
    }

    public static Exposure no(Reason reason, String message) {
        return new Exposure(Truth.FALSE, reason, message, List.of());
    }

    public static Exposure notYet(String message) {
        return new Exposure(Truth.UNKNOWN, Reason.PROGRESSING, message, List.of());
    }

    public Exposure with(List<String> taken) {
        return new Exposure(truth, reason, message, taken);
    }
}
