package dev.marea.core.spec;

/**
 * How a new revision takes over: at once, by a percentage, or beside the stable one as its own
 * block.
 */
public sealed interface Rollout {
    /** No canary is named: the newest ready revision takes all traffic. */
    record Latest() implements Rollout {}

    /**
     * {@code canaryTrafficPercent}: the newest revision takes this share, the rolled-out one the
     * rest.
     */
    record Canary(Percent traffic) implements Rollout {}

    /** The {@code canary} block: both revisions are in the manifest, also on first apply. */
    record SideBySide(Component candidate, Percent traffic) implements Rollout {}
}
