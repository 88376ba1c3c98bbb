package dev.marea.server.models;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which model is served, and how it is asked.
 *
 * @param model the directory or the one file of the model
 * @param format the format that the caller names; empty: found by the files
 * @param probabilities answer predict_proba instead of predict, as KServe's PREDICT_PROBA asks
 */
public record ModelSettings(
        String name, Path model, Optional<String> format, boolean probabilities) {
    public ModelSettings {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "a model's name is not empty and has no slash, was '" + name + "'");
        }
    }
}
