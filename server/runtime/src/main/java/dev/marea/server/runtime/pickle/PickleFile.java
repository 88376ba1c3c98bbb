package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file around a pickle: its size, and the formats that wear the same endings. */
final class PickleFile {
    /** How other files begin. None of these bytes can begin a pickle that means anything. */
    private record Magic(String name, String advice, int... bytes) {
        boolean matches(byte[] file) {
            if (file.length < bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if ((file[i] & 0xff) != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Magic> OTHERS =
            List.of(
                    new Magic(
                            "a compressed array of joblib before 0.10",
                            "save the model again with a newer joblib",
                            'Z',
                            'F',
                            '0',
                            'x'),
                    new Magic(
                            "a numpy array (.npy)",
                            "save the fitted estimator itself with pickle or joblib",
                            0x93,
                            'N',
                            'U',
                            'M',
                            'P',
                            'Y'),
                    new Magic(
                            "7z",
                            "save the model again with pickle or joblib",
                            '7',
                            'z',
                            0xbc,
                            0xaf,
                            0x27,
                            0x1c),
                    new Magic(
                            "zip (skops or torch?)",
                            "save it with pickle or joblib, or export it to ONNX",
                            'P',
                            'K',
                            0x03,
                            0x04));

    private PickleFile() {}

    static byte[] bytes(Path file, PickleLimits limits) throws LoadFailure {
        try {
            long size = Files.size(file);
            if (size > limits.fileBytesMax()) {
                throw tooLarge(file, size, limits.fileBytesMax(), "limit");
            }
            if (size > heapMax()) {
                throw tooLarge(file, size, heapMax(), "half of this process's memory");
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

    /** The arrays become tables of about the file's own size beside it. */
    private static long heapMax() {
        return Runtime.getRuntime().maxMemory() / 2;
    }

    /** A file's pickle, out of its compression if it is in one. */
    static byte[] plain(Path file, byte[] content, PickleLimits limits) throws LoadFailure {
        refuseOtherFormats(file, content);
        var compression = Compression.of(content);
        if (compression.isEmpty()) {
            return content;
        }
        long most = Math.min(limits.fileBytesMax(), heapMax());
        var inside = compression.get().inflated(file, content, most);
        refuseOtherFormats(file, inside);
        return inside;
    }

    private static LoadFailure tooLarge(Path file, long size, long max, String what) {
        return new LoadFailure(
                file,
                "%d bytes are more than the %s, %d bytes".formatted(size, what, max),
                "give the server more memory, or make the model smaller");
    }

    private static void refuseOtherFormats(Path file, byte[] bytes) throws LoadFailure {
        if (bytes.length == 0) {
            throw LoadFailure.atByte(file, 0, "the file is empty", "save the model again");
        }
        for (var magic : OTHERS) {
            if (magic.matches(bytes)) {
                throw LoadFailure.atByte(
                        file, 0, "this is " + magic.name() + ", which is not read", magic.advice());
            }
        }
    }
}
