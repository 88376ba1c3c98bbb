package dev.marea.wire.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a door has seen so far; its owner turns the numbers into metrics. */
public final class DoorCounters {
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

    DoorCounters() {
        for (var refusal : Refusal.values()) {
            refused.put(refusal, new LongAdder());
        }
    }

    /** Connections open now. */
    public int open() {
        return open.get();
    }

    /** Connections accepted since the start. */
    public long accepted() {
        return accepted.sum();
    }

    /** Requests whose head passed every check. */
    public long requests() {
        return requests.sum();
    }

    public long refused(Refusal refusal) {
        return count(refusal).sum();
    }

    int opened() {
        accepted.increment();
        return open.incrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }

    void request() {
        requests.increment();
    }

    void refuse(Refusal refusal) {
        count(refusal).increment();
    }

    private LongAdder count(Refusal refusal) {
        var count = refused.get(refusal);
        if (count == null) {
            throw new AssertionError("every refusal has a count");
        }
        return count;
    }
}
