package dev.marea.core.plan;

import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an InferenceService's status says, free of wire shapes. A part that is empty is left out of
 * the written status; nothing here is ever written as null.
 *
 * <p>{@code servable}, {@code warnings}, {@code scaling} and {@code fetches} have no place in
 * KServe's status: they stand under the extra key {@code status.marea}, where scripts that count
 * conditions do not see them.
 *
 * @param observedGeneration metadata.generation of the spec that this status speaks of
 * @param url where users send requests
 * @param address the address inside the platform ({@code status.address.url})
 * @param canaries the named versions beside the predictor ({@code status.canaryStatuses})
 * @param servable whether a request sent now is answered, if need be after a wake-up
 */
public record ServiceStatus(
        long observedGeneration,
        DeploymentMode mode,
        Optional<String> url,
        Optional<String> address,
        Optional<RuntimeRef> runtime,
        List<Condition> conditions,
        ComponentStatus predictor,
        ModelStatus model,
        List<CanaryStatus> canaries,
        boolean servable,
        List<String> warnings,
        List<Scaled> scaling,
        List<Fetched> fetches) {
    public ServiceStatus {
        conditions = List.copyOf(conditions);
        canaries = List.copyOf(canaries);
        warnings = List.copyOf(warnings);
        scaling = List.copyOf(scaling);
        fetches = List.copyOf(fetches);
    }

    /** Of a service that fetches nothing. */
    public ServiceStatus(
            long observedGeneration,
            DeploymentMode mode,
            Optional<String> url,
            Optional<String> address,
            Optional<RuntimeRef> runtime,
            List<Condition> conditions,
            ComponentStatus predictor,
            ModelStatus model,
            List<CanaryStatus> canaries,
            boolean servable,
            List<String> warnings,
            List<Scaled> scaling) {
        this(
                observedGeneration,
                mode,
                url,
                address,
                runtime,
                conditions,
                predictor,
                model,
                canaries,
                servable,
                warnings,
                scaling,
                List.of());
    }

    public Optional<Condition> condition(ConditionType type) {
        return conditions.stream().filter(c -> c.type() == type).findFirst();
    }

    public boolean ready() {
        return condition(ConditionType.READY).filter(c -> c.truth() == Truth.TRUE).isPresent();
    }

    /**
     * Written as {@code clusterServingRuntimeName}, or {@code servingRuntimeName} for one with a
     * namespace.
     */
    public record RuntimeRef(String name, boolean clusterWide) {}

    /** Conditions are written sorted by type name; the constants are in that order. */
    public enum ConditionType {
        AUTOSCALER_UNAVAILABLE("AutoscalerUnavailable"),
        CANARY_PREDICTOR_READY("CanaryPredictorReady"),
        HOST_CONFLICT("HostConflict"),
        INGRESS_READY("IngressReady"),
        PREDICTOR_CONFIGURATION_READY("PredictorConfigurationReady"),
        PREDICTOR_READY("PredictorReady"),
        PREDICTOR_ROUTE_READY("PredictorRouteReady"),
        READY("Ready"),
        STOPPED("Stopped");

        private final String wireName;

        ConditionType(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** A condition's status, spelled as Kubernetes does. */
    public enum Truth {
        TRUE("True"),
        FALSE("False"),
        UNKNOWN("Unknown");

        private final String wireName;

        Truth(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /**
     * One condition; it always has a reason. An empty message is left out.
     *
     * @param informative written as {@code severity: Info}: it does not gate Ready
     * @param since lastTransitionTime: when {@code truth} last changed
     */
    public record Condition(
            ConditionType type,
            Truth truth,
            boolean informative,
            Reason reason,
            String message,
            Instant since) {}

    /**
     * {@code status.components.predictor}; left out whole when all its parts are empty.
     *
     * @param url the component's own url, also written as {@code restUrl}
     * @param address written as {@code address.url}
     */
    public record ComponentStatus(
            Optional<String> url,
            Optional<String> address,
            Optional<String> latestCreatedRevision,
            Optional<String> latestReadyRevision,
            Optional<String> latestRolledoutRevision,
            Optional<String> previousRolledoutRevision,
            List<Traffic> traffic) {
        public static final ComponentStatus NONE =
                new ComponentStatus(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of());

        public ComponentStatus {
            traffic = List.copyOf(traffic);
        }
    }

    /**
     * {@code latestRevision} and {@code percent} are always written; clients index them.
     *
     * @param url where the tag alone leads to
     */
    public record Traffic(
            String revision,
            boolean latest,
            Percent percent,
            Optional<String> tag,
            Optional<String> url) {
        public Traffic(String revision, boolean latest, Percent percent, Optional<String> tag) {
            this(revision, latest, percent, tag, Optional.empty());
        }
    }

    public enum Transition {
        UP_TO_DATE("UpToDate"),
        IN_PROGRESS("InProgress"),
        BLOCKED_BY_FAILED_LOAD("BlockedByFailedLoad"),
        INVALID_SPEC("InvalidSpec");

        private final String wireName;

        Transition(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** The state of a model as KServe names it. */
    public enum ModelState {
        PENDING("Pending"),
        STANDBY("Standby"),
        LOADING("Loading"),
        LOADED("Loaded"),
        FAILED_TO_LOAD("FailedToLoad");

        private final String wireName;

        ModelState(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /**
     * {@code status.modelStatus}. {@code states} is left out while there is no target; {@code
     * copies} is left out for an invalid spec.
     *
     * @param active empty is written as the empty string, as KServe does
     */
    public record ModelStatus(
            Transition transition,
            Optional<ModelState> active,
            Optional<ModelState> target,
            Optional<Copies> copies,
            Optional<Failure> lastFailure) {}

    /**
     * One entry of {@code status.canaryStatuses}.
     *
     * @param percent the share that it has, not the one that it is meant to have
     */
    public record CanaryStatus(String name, boolean ready, Percent percent, ModelStatus model) {}

    /** Replicas that have the model, and those that failed. */
    public record Copies(int total, int failed) {}

    /**
     * {@code modelStatus.lastFailureInfo}.
     *
     * @param location the pod that failed
     */
    public record Failure(
            Reason reason,
            String message,
            OptionalInt exitCode,
            Optional<String> location,
            Optional<String> revision,
            Optional<Instant> time) {}

    /**
     * {@code status.marea.scaling[]}: the last size given to a revision, and why, word for word.
     */
    public record Scaled(String revision, int replicas, String reason, Instant time) {}

    /** {@code status.marea.storage[]}: how far the model of a revision is. */
    public record Fetched(String revision, Fetch fetch) {}
}
