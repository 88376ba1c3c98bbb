package dev.marea.server.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/** Which flavour a command line means, if any. */
final class Flavours {
    private static final String FRAMEWORK = "--framework=";
    private static final String MODEL = "--model_dir=";
    private static final int FILES_SEEN_MAX = 10_000;

    /** Formats that only flavours serve: to look for one costs a start some milliseconds. */
    private static final String GGUF = "gguf";

    private Flavours() {}

    static Optional<Flavour> of(String... args) {
        return means(GGUF, args)
                ? ServiceLoader.load(Flavour.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(flavour -> flavour.format().equals(GGUF))
                        .findFirst()
                : Optional.empty();
    }

    private static boolean means(String format, String... args) {
        for (var arg : args) {
            var flag = arg.startsWith("--") ? "--" + arg.substring(2).replace('-', '_') : arg;
            if (flag.startsWith(FRAMEWORK)) {
                return flag.equals(FRAMEWORK + format);
            }
            if (flag.startsWith(MODEL)
                    && holds(Path.of(arg.substring(MODEL.length())), "." + format)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(Path path, String ending) {
        if (!Files.isDirectory(path)) {
            return path.toString().endsWith(ending);
        }
        try (var files = Files.list(path)) {
            return files.limit(FILES_SEEN_MAX).anyMatch(file -> file.toString().endsWith(ending));
        } catch (IOException _) {
            return false; // whoever reads the directory next says why
        }
    }
}
