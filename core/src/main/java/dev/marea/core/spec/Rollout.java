package dev.marea.core.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * How a new revision takes over: at once, by a percentage, or beside the stable one, as versions of
 * their own in the manifest.
 */
public sealed interface Rollout {
    /** No canary is named: the newest ready revision takes all traffic. */
    record Latest() implements Rollout {}

    /**
     * {@code canaryTrafficPercent}: the newest revision takes this share, the rolled-out one the
     * rest.
     */
    record Canary(Percent traffic) implements Rollout {}

    /**
     * The stable version and its candidates are all in the manifest, also on first apply: the
     * {@code predictor.canary} block is one candidate without a name, {@code spec.canary} a list of
     * named ones. What the candidates do not take is the stable one's.
     */
    record Beside(List<Candidate> candidates) implements Rollout {
        public Beside {
            candidates = List.copyOf(candidates);
            if (candidates.isEmpty()) {
                throw new IllegalArgumentException("need a candidate");
            }
            int sum = candidates.stream().mapToInt(c -> c.traffic().value()).sum();
            if (sum > 100) {
                throw new IllegalArgumentException(
                        "need shares of 100 percent at most, was " + sum);
            }
            var names = new HashSet<Optional<String>>();
            for (var candidate : candidates) {
                if (!names.add(candidate.name())) {
                    throw new IllegalArgumentException(
                            "need candidates of different names, was twice " + candidate.name());
                }
            }
        }

        /** One candidate without a name. */
        public Beside(Component candidate, Percent traffic) {
            this(List.of(new Candidate(Optional.empty(), candidate, traffic)));
        }
    }

    /** One version beside the stable one, with its share of the traffic. */
    record Candidate(Optional<String> name, Component component, Percent traffic) {}
}
