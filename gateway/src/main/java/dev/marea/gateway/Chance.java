package dev.marea.gateway;

import java.util.concurrent.ThreadLocalRandom;

/** Where a gateway's chance comes from; a test gives a seed. Called by many threads. */
interface Chance {
    Chance TRUE =
            new Chance() {
                @Override
                public double share() {
                    return ThreadLocalRandom.current().nextDouble();
                }

                @Override
                public long bits() {
                    return ThreadLocalRandom.current().nextLong();
                }
            };

    /** From 0 (inclusive) to 1 (exclusive). */
    double share();

    long bits();
}
