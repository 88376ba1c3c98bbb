package dev.marea.server.llama.door;

import dev.marea.server.llama.gguf.MemoryNeed;
import dev.marea.server.llama.talk.EngineSettings;
import java.util.LinkedHashMap;

/** How large a context is, so that it fits the memory; known before anything is loaded. */
final class Sizes {
    /** Without a word about it: as much as chats need, not as much as a model could. */
    private static final int LENGTH = 32_768;

    /** A shorter context than this is not chosen silently. */
    private static final int LENGTH_LEAST = 2_048;

    /** Room for several answers, where each of them is short. */
    private static final int CELLS = 16_384;

    private Sizes() {}

    static EngineSettings fitting(LlmSettings settings, ModelFile model, long have)
            throws ModelFile.NoModel {
        long trained = model.head().own("context_length").orElse(LENGTH);
        if (settings.lengthMax() > trained) {
            throw new ModelFile.NoModel(
                    "--max_model_len %d is more than the %d tokens that the model was trained on"
                            .formatted(settings.lengthMax(), trained));
        }
        int length =
                settings.lengthMax() > 0 ? settings.lengthMax() : (int) Math.min(trained, LENGTH);
        int cells = Math.max(length, settings.cells() > 0 ? settings.cells() : CELLS);
        boolean mayShrink = settings.lengthMax() == 0;
        while (need(settings, model, cells).total() > have) {
            if (settings.cells() == 0 && cells > length) {
                cells = length;
            } else if (mayShrink && length / 2 >= LENGTH_LEAST) {
                length /= 2;
                cells = length;
            } else {
                throw tooLarge(need(settings, model, cells), have, cells);
            }
        }
        return engine(settings, model, length, cells);
    }

    private static MemoryNeed need(LlmSettings settings, ModelFile model, long cells) {
        var need =
                MemoryNeed.of(
                        model.head(), cells, settings.kv(), settings.batch(), settings.active());
        return new MemoryNeed(model.bytes(), need.context(), need.work());
    }

    private static ModelFile.NoModel tooLarge(MemoryNeed need, long have, int cells) {
        return new ModelFile.NoModel(
                "it needs %s for %d tokens of context, and there are %d MiB; give it more memory, a smaller --max_model_len, or --kv_cache_dtype q8_0"
                        .formatted(need, cells, have >> 20));
    }

    private static EngineSettings engine(
            LlmSettings settings, ModelFile model, int length, int cells) {
        var adapters = new LinkedHashMap<String, String>();
        settings.adapters().forEach((name, path) -> adapters.put(name, path.toString()));
        return EngineSettings.of(model.path().toString(), settings.threads())
                .withLength(length, cells)
                .withLoad(settings.active(), settings.waitingMax())
                .withBatch(Math.min(settings.batch(), cells))
                .withMemory(settings.kv(), settings.repacked())
                .withAdapters(adapters);
    }
}
