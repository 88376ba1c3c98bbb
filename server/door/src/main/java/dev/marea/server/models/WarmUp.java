package dev.marea.server.models;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Zeros;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a model is asked before it is ready: the requests in its {@code warmup.json}, or one row of
 * zeros. Our own guess at a request may not fit the model; the owner's must.
 */
final class WarmUp {
    static final String FILE = "warmup.json";

    private final Optional<Path> file;

    private WarmUp(Optional<Path> file) {
        this.file = file;
    }

    /** For a model's directory, a version in it, or a model's file. */
    static WarmUp of(Path model) {
        var inside = model.resolve(FILE);
        if (Files.isRegularFile(inside)) {
            return new WarmUp(Optional.of(inside));
        }
        var beside = model.resolveSibling(FILE);
        boolean ours = Files.isRegularFile(model) || isNumber(model.getFileName());
        return new WarmUp(
                ours && Files.isRegularFile(beside) ? Optional.of(beside) : Optional.empty());
    }

    private static boolean isNumber(Path name) {
        return name.toString().chars().allMatch(Character::isDigit);
    }

    void run(LoadedModel model) throws LoadFailure {
        if (file.isPresent()) {
            askAll(model, file.get());
        } else {
            askZeros(model);
        }
    }

    private static void askAll(LoadedModel model, Path file) throws LoadFailure {
        int number = 0;
        for (var request : WarmUpFile.read(file)) {
            try {
                model.predict(request.inputs(), new Asked(Optional.empty(), request.outputs()));
            } catch (BadInput | RuntimeException failed) {
                throw new LoadFailure(
                                file,
                                "the model fails on request %d: %s"
                                        .formatted(number, failed.getMessage()),
                                "mend that request, or the model")
                        .causedBy(failed);
            }
            number++;
        }
    }

    private static void askZeros(LoadedModel model) {
        var inputs = Zeros.of(model.metadata().inputs());
        if (inputs.isEmpty()) {
            return;
        }
        try {
            model.predict(inputs.get(), Asked.PLAINLY);
        } catch (BadInput | RuntimeException guess) {
            System.getLogger(WarmUp.class.getName())
                    .log(System.Logger.Level.DEBUG, "a warm-up of zeros does not fit", guess);
        }
    }
}
