package dev.marea.server.models;

import dev.marea.server.config.ModelConfig;
import java.util.Optional;

/** What Triton's names of backends mean here; others leave it to the files. */
final class Formats {
    private Formats() {}

    static Optional<String> of(ModelConfig config) {
        return switch (config.backend().orElse("")) {
            case "onnx", "onnxruntime", "onnxruntime_onnx" -> Optional.of("onnx");
            case "sklearn", "xgboost", "lightgbm" -> config.backend();
            default -> Optional.empty();
        };
    }
}
