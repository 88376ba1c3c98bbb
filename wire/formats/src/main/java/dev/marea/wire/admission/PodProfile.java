package dev.marea.wire.admission;

import java.util.Optional;

/**
 * How much the pods of a namespace may ask for, in the words of Kubernetes' Pod Security Standards.
 */
public enum PodProfile {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    /** The label by which a namespace says its own; who may set it governs the namespace. */
    public static final String LABEL = "pod-security.kubernetes.io/enforce";

    /** What a label says; restricted where there is none, for a tenant must not gain by us. */
    public static PodProfile of(Optional<String> label) {
        return switch (label.orElse("")) {
            case "privileged" -> PRIVILEGED;
            case "baseline" -> BASELINE;
            default -> RESTRICTED;
        };
    }

    String wireName() {
        return switch (this) {
            case PRIVILEGED -> "privileged";
            case BASELINE -> "baseline";
            case RESTRICTED -> "restricted";
        };
    }
}
