package dev.marea.check.chaos;

import java.util.List;
import java.util.SplittableRandom;

/** Which connection gets which fault. */
@FunctionalInterface
public interface Script {
    /**
     * @param connection counted from 0
     */
    Fault on(int connection);

    /** The same for every connection. */
    static Script always(Fault fault) {
        return _ -> fault;
    }

    /** One fault each for the first connections; those after them pass. */
    static Script first(Fault... faults) {
        var some = List.of(faults);
        return connection -> connection < some.size() ? some.get(connection) : new Fault.None();
    }

    /**
     * Drawn by a seed, so that a failure can be had again: connection n has the same fault in every
     * run.
     *
     * @param share of the connections that have one
     */
    static Script seeded(long seed, double share, Fault... faults) {
        var some = List.of(faults);
        return connection -> {
            var chance = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (connection + 1));
            return chance.nextDouble() < share
                    ? some.get(chance.nextInt(some.size()))
                    : new Fault.None();
        };
    }
}
