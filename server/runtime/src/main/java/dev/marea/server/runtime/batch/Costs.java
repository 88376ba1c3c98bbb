package dev.marea.server.runtime.batch;

import dev.marea.server.runtime.Method;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What calls of one model cost, by method and by size, and which of them are proven to be cheap:
 * those may run on a thread that must not be held up.
 *
 * <p>Calls whose rows have the same number of binary digits are alike, so that nothing is assumed
 * of how cost grows. They are cheap once a number of runs was measured and their mean, which
 * forgets, is below the bound. One slow run may be the machine's and moves the mean by a limited
 * amount; a run that holds a thread up for long ends the trust at once, and each time twice as many
 * runs are needed to win it back.
 *
 * <p>Threads may record at once: a lost measurement does not matter.
 */
public final class Costs {
    public static final long CHEAP_NANOS_MAX = 50_000;
    static final long OUTRAGE_NANOS = 5_000_000;
    static final int PROOF = 32;
    private static final int PROOF_DOUBLINGS_MAX = 7;

    /** A slow run counts as at most this much. */
    private static final long SURPRISE_NANOS_MAX = 4 * CHEAP_NANOS_MAX;

    private static final int MEMORY = 8;
    private static final int SIZES = 8;
    private static final int METHODS = Method.values().length + 1;

    private final AtomicLongArray mean = new AtomicLongArray(METHODS * SIZES);
    private final AtomicIntegerArray owed = new AtomicIntegerArray(METHODS * SIZES);
    private final AtomicIntegerArray outrages = new AtomicIntegerArray(METHODS * SIZES);

    public Costs() {
        for (int i = 0; i < owed.length(); i++) {
            owed.setPlain(i, PROOF);
        }
    }

    /** Whether such a call is proven to be cheap; never above 127 rows. */
    public boolean areCheap(Optional<Method> method, int rows) {
        int kind = kind(method, rows);
        return kind >= 0 && owed.getPlain(kind) <= 0 && mean.getPlain(kind) <= CHEAP_NANOS_MAX;
    }

    /** A call took so long, alone. */
    public void record(Optional<Method> method, int rows, long nanos) {
        int kind = kind(method, rows);
        if (kind < 0) {
            return;
        }
        if (nanos > OUTRAGE_NANOS) {
            int times = Math.min(outrages.getPlain(kind), PROOF_DOUBLINGS_MAX);
            outrages.setPlain(kind, times + 1);
            owed.setPlain(kind, PROOF << times);
        } else if (owed.getPlain(kind) > 0) {
            owed.setPlain(kind, owed.getPlain(kind) - 1);
        }
        long before = mean.getPlain(kind);
        long counted = Math.min(nanos, SURPRISE_NANOS_MAX);
        mean.setPlain(kind, before == 0 ? counted : before + (counted - before) / MEMORY);
    }

    private static int kind(Optional<Method> method, int rows) {
        int size = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(rows, 0));
        if (size >= SIZES) {
            return -1;
        }
        return (method.isEmpty() ? 0 : place(method.get())) * SIZES + size;
    }

    private static int place(Method method) {
        return switch (method) {
            case PREDICT -> 1;
            case PREDICT_PROBA -> 2;
            case DECISION_FUNCTION -> 3;
            case TRANSFORM -> 4;
            case EXPLAIN -> 5;
        };
    }
}
