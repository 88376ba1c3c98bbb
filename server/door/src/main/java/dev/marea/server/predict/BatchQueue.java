package dev.marea.server.predict;

import dev.marea.server.config.Batching;
import dev.marea.server.models.Lease;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.batch.Rows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls that wait for one loaded model, and how they become runs.
 *
 * <ul>
 *   <li>What waits is read first, as far as one run may take it: a run then has company.
 *   <li>A run takes the oldest call and whatever else waits that differs from it only in its rows.
 *   <li>A lone call runs at once. Two or more that do not fill a run wait for more, for as long as
 *       the model's settings say; without such a setting they too run at once.
 * </ul>
 *
 * <p>Not safe for threads: {@link Backlog} is asked under a lock.
 */
final class BatchQueue {
    /** Rows of a joined run where nobody said a number. */
    private static final int ROWS_MAX = 64;

    /** Calls that a run looks at: those behind wait for the next. */
    private static final int SCAN_MAX = 512;

    static final long NEVER = Long.MAX_VALUE;

    private final LoadedModel model;
    private final ArrayDeque<Waiting> unread = new ArrayDeque<>();
    private final ArrayDeque<Waiting> read = new ArrayDeque<>();
    private final Batching batching;
    private final int runsMax;
    private final int rowsMax;
    private int reading;
    private int running;

    BatchQueue(Lease lease, int workers) {
        model = lease.loaded();
        batching = lease.config().batching();
        runsMax =
                lease.config().instances().orElse(Math.max(1, workers / lease.loaded().threads()));
        rowsMax = rowsMax(lease);
    }

    private static int rowsMax(Lease lease) {
        var said = lease.config().batching().rowsMax();
        boolean joins = Rows.areFree(lease.loaded().metadata()) && !lease.tally().isUnsplittable();
        return !joins ? 1 : said.orElse(lease.loaded().rowsAreIndependent() ? ROWS_MAX : 1);
    }

    LoadedModel model() {
        return model;
    }

    int length() {
        return unread.size() + reading + read.size();
    }

    boolean isDone() {
        return length() == 0 && running == 0;
    }

    void add(Waiting call) {
        (call.isRead() ? read : unread).add(call);
    }

    /** When there is something to do here, by the clock: {@link #NEVER} until something changes. */
    long dueAt(long now) {
        if (mayRead()) {
            return now;
        }
        if (read.isEmpty() || running >= runsMax) {
            return NEVER;
        }
        return runAt(now);
    }

    private boolean mayRead() {
        return !unread.isEmpty() && read.size() + reading < rowsMax;
    }

    private long runAt(long now) {
        if (batching.delay().isZero() || read.size() == 1) {
            return now;
        }
        var run = nextRun();
        int rows = 0;
        for (var call : run) {
            rows += call.rowsCounted();
        }
        boolean waits = run.size() > 1 && rows < rowsMax && !batching.preferred().contains(rows);
        return waits ? Math.max(now, run.getFirst().since + batching.delay().toNanos()) : now;
    }

    /** The next call to read; only where {@link #dueAt} is now. Empty where a run is due. */
    List<Waiting> takeUnread() {
        if (!mayRead()) {
            return List.of();
        }
        reading++;
        return List.of(unread.removeFirst());
    }

    /** A call that was taken to be read is read, or has ended in the attempt. */
    void readOf(Waiting call) {
        reading--;
        if (call.isRead()) {
            read.add(call);
        }
    }

    /** The calls of one run, oldest first. */
    List<Waiting> takeRun() {
        var run = nextRun();
        for (var call : run) {
            read.remove(call); // at its head, but for calls between that differ
        }
        running++;
        return run;
    }

    void ran() {
        running--;
    }

    /** Gives up what waits; what is being read or runs goes on. */
    void drainTo(List<Waiting> left) {
        left.addAll(unread);
        left.addAll(read);
        unread.clear();
        read.clear();
    }

    private List<Waiting> nextRun() {
        var run = new ArrayList<Waiting>();
        int rows = 0;
        int seen = 0;
        for (var call : read) {
            if (seen++ == SCAN_MAX || (rows >= rowsMax && !run.isEmpty())) {
                break;
            }
            boolean joins =
                    run.isEmpty()
                            || (rows + call.rowsCounted() <= rowsMax
                                    && call.agreesWith(run.getFirst()));
            if (joins) {
                run.add(call);
                rows += call.rowsCounted();
            }
        }
        return run;
    }
}
