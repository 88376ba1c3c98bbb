package dev.marea.core.plan;

import dev.marea.core.spec.Component;
import dev.marea.core.spec.Percent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What should be true of one service.
 *
 * @param create revisions that do not exist yet
 * @param proved revisions that are ready for the first time; that must be remembered
 * @param run revisions that must have replicas, or may sleep where their bounds allow it
 * @param drained revisions whose Deployment stays at zero replicas, so that going back is quick
 * @param retire revisions whose Deployment must go; what they were is kept
 * @param forget revisions that are not worth keeping at all
 * @param shares what the gateway is told; revisions without replicas make requests wait
 * @param recheck when time alone will change this plan
 */
public record Plan(
        List<Create> create,
        Set<String> proved,
        List<Run> run,
        Set<String> drained,
        Set<String> retire,
        Set<String> forget,
        List<Share> shares,
        Optional<Duration> recheck,
        ServiceStatus status) {
    public Plan {
        create = List.copyOf(create);
        proved = Set.copyOf(proved);
        run = List.copyOf(run);
        drained = Set.copyOf(drained);
        retire = Set.copyOf(retire);
        forget = Set.copyOf(forget);
        shares = List.copyOf(shares);
    }

    /** Which part of the manifest a revision comes from. */
    public enum Part {
        PREDICTOR,
        CANARY
    }

    public record Create(String name, long number, String hash, Part part) {}

    /**
     * A revision that runs.
     *
     * @param component how it is scaled; its bounds demand a replica until it has proved that it
     *     can be ready
     */
    public record Run(String revision, Component component, Part part) {
        /** A new Deployment starts with one replica or more: readiness must be proved. */
        public int atStart() {
            return component.scale().clamp(Math.max(1, component.autoscaling().initialScale()));
        }

        /** Whether somebody else sets the replicas once it runs. */
        public boolean scaledByOthers() {
            return switch (component.autoscaling().scaler()) {
                case MAREA -> false;
                case HPA, KEDA, EXTERNAL, NONE -> true;
            };
        }
    }

    /**
     * A revision's part of the traffic.
     *
     * @param tags by which a request may ask for it, whatever its percentage
     */
    public record Share(String revision, Percent percent, List<String> tags) {
        public Share {
            tags = List.copyOf(tags);
        }

        public Share(String revision, Percent percent) {
            this(revision, percent, List.of());
        }

        /**
         * What a status says of a revision's traffic, for gateways.
         *
         * @param tagRouting whether tags lead anywhere
         */
        public static Share of(ServiceStatus.Traffic traffic, boolean tagRouting) {
            var tags = new LinkedHashSet<String>();
            if (tagRouting) {
                traffic.tag().ifPresent(tags::add);
                if (traffic.latest()) {
                    tags.add(Tags.LATEST);
                }
            }
            return new Share(traffic.revision(), traffic.percent(), List.copyOf(tags));
        }

        /** Whether any request can reach it. */
        public boolean reachable() {
            return percent.value() > 0 || !tags.isEmpty();
        }
    }
}
