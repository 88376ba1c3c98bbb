package dev.marea.core.spec;

import java.util.Optional;

/** A model format as a manifest names it, for example sklearn or onnx, with an optional version. */
public record ModelFormat(String name, Optional<String> version) {
    public ModelFormat {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("need the name of a model format");
        }
    }

    @Override
    public String toString() {
        return version.map(v -> name + ":" + v).orElse(name);
    }
}
