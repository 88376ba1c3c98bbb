package dev.marea.server.llama.ffm;

import java.lang.foreign.MemorySegment;

/** A LoRA adapter in memory, for contexts of its model. */
public final class Adapter implements AutoCloseable {
    private final ModelCalls calls;
    private final MemorySegment adapter;

    Adapter(ModelCalls calls, MemorySegment adapter) {
        this.calls = calls;
        this.adapter = adapter;
    }

    MemorySegment pointer() {
        return adapter;
    }

    @Override
    public void close() {
        calls.freeAdapter(adapter);
    }
}
