package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Serves the text files that {@code Booster.save_model} writes. */
public final class LightgbmRuntime implements ModelRuntime {
    /** More would not fit an array of bytes beside what is made of it. */
    private static final long FILE_BYTES_MAX = 1L << 30;

    private static final int START_BYTES = 16;
    private static final String ADVICE = "save it again with Booster.save_model";

    @Override
    public String format() {
        return "lightgbm";
    }

    /** KServe's server takes only .bst, which is XGBoost's ending too. */
    @Override
    public List<String> endings() {
        return List.of(".txt", ".bst", ".lgb");
    }

    @Override
    public boolean recognizes(Path file) {
        try (var in = Files.newInputStream(file)) {
            return ModelText.looksLikeModel(in.readNBytes(START_BYTES));
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Override
    public LoadedModel load(Path file) throws LoadFailure {
        try {
            return new LightgbmModel(Booster.read(bytes(file)));
        } catch (BadModel bad) {
            throw LoadFailure.atLine(file, bad.line(), bad.reason(), ADVICE);
        }
    }

    private static byte[] bytes(Path file) throws LoadFailure {
        try {
            long size = Files.size(file);
            if (size == 0) {
                throw LoadFailure.atLine(file, 1, "the file is empty", ADVICE);
            }
            // What is made of a text takes less memory than the text, and both are there at once.
            long most = Math.min(FILE_BYTES_MAX, Runtime.getRuntime().maxMemory() / 2);
            if (size > most) {
                throw new LoadFailure(
                        file,
                        "has %d bytes, at most %d are read here".formatted(size, most),
                        "give the server more memory, or train with fewer trees");
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new LoadFailure(
                            file,
                            "cannot be read: " + unreadable.getMessage(),
                            "check the path and its permissions")
                    .causedBy(unreadable);
        }
    }
}
