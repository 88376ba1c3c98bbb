package dev.marea.server.predict;

/** Time as predictions see it. */
interface Clock {
    Clock SYSTEM =
            new Clock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public long millis() {
                    return System.currentTimeMillis();
                }
            };

    /** As {@link System#nanoTime()}. */
    long nanos();

    /** Since 1970. */
    long millis();
}
