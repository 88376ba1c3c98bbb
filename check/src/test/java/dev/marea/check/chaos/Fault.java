package dev.marea.check.chaos;

import java.time.Duration;

/** What a proxy does to the bytes that come back on one connection. */
public sealed interface Fault {
    /** Passes everything on. */
    record None() implements Fault {}

    /** Says nothing for a while, then everything. */
    record Delay(Duration before) implements Fault {}

    /** Passes on a few bytes at a time. */
    record Drip(int bytes, Duration pause) implements Fault {
        public Drip {
            requirePositive(bytes, "bytes");
        }
    }

    /** Passes on as many bytes a second, evenly. */
    record Throttle(long bytesPerSecond) implements Fault {
        public Throttle {
            requirePositive(bytesPerSecond, "bytesPerSecond");
        }
    }

    /** Closes in good order after as many bytes: the answer is too short. */
    record Cut(long afterBytes) implements Fault {}

    /** Resets the connection (RST) after as many bytes; 0 resets it as it opens. */
    record Reset(long afterBytes) implements Fault {}

    /** Says after as many bytes that nothing follows, and goes on listening. */
    record HalfClose(long afterBytes) implements Fault {}

    /** Falls silent after as many bytes and keeps the connection. */
    record BlackHole(long afterBytes) implements Fault {}

    /** Changes one byte, the one of this number; the length stays. */
    record Corrupt(long byteNumber) implements Fault {}

    private static void requirePositive(long number, String what) {
        if (number <= 0) {
            throw new IllegalArgumentException(what + " must be positive, was " + number);
        }
    }

    /** How many bytes pass before the fault strikes. */
    default long untouched() {
        return switch (this) {
            case Cut(var after) -> after;
            case Reset(var after) -> after;
            case HalfClose(var after) -> after;
            case BlackHole(var after) -> after;
            case None _, Delay _, Drip _, Throttle _, Corrupt _ -> Long.MAX_VALUE;
        };
    }
}
