package dev.marea.core.spec;

/** The replicas that a component may have; a max of 0 means no upper bound, as in Knative. */
public record Scale(int min, int max) {
    public Scale {
        if (min < 0 || max < 0 || (max != 0 && min > max)) {
            throw new IllegalArgumentException(
                    "need 0 <= min <= max (or max 0 = unbounded), was " + min + ".." + max);
        }
    }

    /**
     * The bounds of a version that takes a part of the traffic: its part of the minimum, rounded
     * up.
     */
    public Scale part(Percent share) {
        return new Scale((min * share.value() + 99) / 100, max);
    }

    public int clamp(int wanted) {
        int bounded = Math.max(min, wanted);
        return max == 0 ? bounded : Math.min(max, bounded);
    }
}
