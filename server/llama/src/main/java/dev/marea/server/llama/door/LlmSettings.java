package dev.marea.server.llama.door;

import dev.marea.server.llama.gguf.GgmlType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a server of one LLM is told.
 *
 * @param port 0 for any free one
 * @param lengthMax 0 for what the model and the memory allow
 * @param cells tokens of all answers together, 0 likewise
 * @param chatTemplate in place of the file's own
 * @param adapters LoRA adapters by the names that requests ask for
 * @param natives where llama.cpp is unpacked
 */
record LlmSettings(
        String modelName,
        Path modelPath,
        String host,
        int port,
        int lengthMax,
        int cells,
        int batch,
        int active,
        int waitingMax,
        int threads,
        GgmlType kv,
        boolean repacked,
        Optional<Path> chatTemplate,
        boolean templatesFromRequests,
        SequencedMap<String, Path> adapters,
        Path natives) {
    LlmSettings {
        adapters = new LinkedHashMap<>(adapters);
    }
}
