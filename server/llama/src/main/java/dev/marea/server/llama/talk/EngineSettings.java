package dev.marea.server.llama.talk;

import dev.marea.server.llama.gguf.GgmlType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * How an engine is started.
 *
 * @param model a GGUF file, the first one of several parts
 * @param lengthMax the longest prompt with its answer, 0 for what the model was trained on
 * @param cells tokens of all sequences together, 0 for what seems right
 * @param batch most tokens of one step
 * @param active most answers at once; others wait
 * @param waitingMax more are refused
 * @param threads that a step keeps busy
 * @param repacked whether weights are copied into the order that this CPU likes best
 * @param adapters LoRA adapters by the names that requests use
 */
public record EngineSettings(
        String model,
        int lengthMax,
        int cells,
        int batch,
        int active,
        int waitingMax,
        int threads,
        GgmlType kv,
        boolean repacked,
        SequencedMap<String, String> adapters) {
    public static final int BATCH = 512;
    public static final int ACTIVE = 16;
    public static final int ACTIVE_MOST = 128;
    public static final int WAITING_MAX = 512;

    public EngineSettings {
        if (lengthMax < 0 || cells < 0 || batch < 1 || waitingMax < 0 || threads < 1) {
            throw new IllegalArgumentException(
                    "need lengths of 0 or more, a batch and threads of 1 or more");
        }
        if (active < 1 || active > ACTIVE_MOST) {
            throw new IllegalArgumentException(
                    "answers at once must be 1..%d, was %d".formatted(ACTIVE_MOST, active));
        }
        adapters = new LinkedHashMap<>(adapters);
    }

    /** What suits a machine with so many cores. */
    public static EngineSettings of(String model, int threads) {
        return new EngineSettings(
                model,
                0,
                0,
                BATCH,
                ACTIVE,
                WAITING_MAX,
                threads,
                GgmlType.F16,
                true,
                new LinkedHashMap<>(Map.of()));
    }

    public EngineSettings withLength(int most, int ofAll) {
        return new EngineSettings(
                model, most, ofAll, batch, active, waitingMax, threads, kv, repacked, adapters);
    }

    public EngineSettings withLoad(int atOnce, int waiting) {
        return new EngineSettings(
                model, lengthMax, cells, batch, atOnce, waiting, threads, kv, repacked, adapters);
    }

    public EngineSettings withMemory(GgmlType keysAndValues, boolean weightsRepacked) {
        return new EngineSettings(
                model,
                lengthMax,
                cells,
                batch,
                active,
                waitingMax,
                threads,
                keysAndValues,
                weightsRepacked,
                adapters);
    }

    public EngineSettings withBatch(int most) {
        return new EngineSettings(
                model, lengthMax, cells, most, active, waitingMax, threads, kv, repacked, adapters);
    }

    public EngineSettings withAdapters(SequencedMap<String, String> others) {
        return new EngineSettings(
                model, lengthMax, cells, batch, active, waitingMax, threads, kv, repacked, others);
    }
}
