package dev.marea.server.predict;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.batch.Rows;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way through this server: what it holds (its body's bytes, its model) is given back
 * exactly once, when it ends. One thread at a time has it.
 */
final class Waiting {
    final Call call;
    final long since;
    private final Runnable bytes;
    private @Nullable Lease lease;
    private @Nullable Question question;
    private int rows;
    private long readNanos;
    private boolean ended;

    /** How often its model was gone again when its turn came. */
    int turnedBack;

    /**
     * @param bytes gives the memory for its body back
     */
    Waiting(Call call, long since, Runnable bytes) {
        this.call = call;
        this.since = since;
        this.bytes = bytes;
    }

    void holds(Lease model) {
        lease = model;
    }

    Lease lease() {
        var held = lease;
        if (held == null) {
            throw new IllegalStateException("this call has no model yet");
        }
        return held;
    }

    void read(long begun, Clock clock) throws Refused, BadInput {
        var read = call.read(lease());
        question = read;
        rows = call.isStreamed() ? 0 : Rows.of(read.inputs());
        readNanos = clock.nanos() - begun;
    }

    boolean isRead() {
        return question != null;
    }

    Question question() {
        var read = question;
        if (read == null) {
            throw new IllegalStateException("this call is not read yet");
        }
        return read;
    }

    /** Rows that may be joined with others'; 0: it runs alone. */
    int rows() {
        return rows;
    }

    /** Rows as they are counted: at least one. */
    int rowsCounted() {
        return Math.max(1, rows);
    }

    long readNanos() {
        return readNanos;
    }

    boolean agreesWith(Waiting other) {
        return rows > 0
                && other.rows > 0
                && question().asked().equals(other.question().asked())
                && Rows.agree(question().inputs(), other.question().inputs());
    }

    void countFailure(Clock clock, ServerMetrics metrics) {
        var held = lease;
        if (held != null) {
            held.tally().failed(clock.nanos() - since, clock.millis());
            metrics.of(held.model()).failed();
        }
    }

    /** It is answered, refused or not wanted any more. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        bytes.run();
        var held = lease;
        if (held != null) {
            held.close();
        }
    }
}
