package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file around a pickle: its size, and the formats that wear the same endings. */
final class PickleFile {
    private static final String DECOMPRESS =
            "save it uncompressed: joblib.dump(model, path, compress=0)";

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
                    new Magic("gzip", DECOMPRESS, 0x1f, 0x8b),
                    new Magic("zlib", DECOMPRESS, 0x78, 0x01),
                    new Magic("zlib", DECOMPRESS, 0x78, 0x5e),
                    new Magic("zlib", DECOMPRESS, 0x78, 0x9c),
                    new Magic("zlib", DECOMPRESS, 0x78, 0xda),
                    new Magic("bzip2", DECOMPRESS, 'B', 'Z', 'h'),
                    new Magic("lz4", DECOMPRESS, 0x04, 0x22, 0x4d, 0x18),
                    new Magic("xz", DECOMPRESS, 0xfd, '7', 'z', 'X', 'Z'),
                    new Magic("lzma", DECOMPRESS, 0x5d, 0x00, 0x00),
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
            // The arrays become tables of about the file's own size beside it.
            long heap = Runtime.getRuntime().maxMemory();
            if (size > heap / 2) {
                throw tooLarge(file, size, heap / 2, "half of this process's memory");
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

    private static LoadFailure tooLarge(Path file, long size, long max, String what) {
        return new LoadFailure(
                file,
                "%d bytes are more than the %s, %d bytes".formatted(size, what, max),
                "give the server more memory, or make the model smaller");
    }

    static void refuseOtherFormats(Path file, byte[] bytes) throws LoadFailure {
        if (bytes.length == 0) {
            throw LoadFailure.atByte(file, 0, "the file is empty", "save the model again");
        }
        for (var magic : OTHERS) {
            if (magic.matches(bytes)) {
                throw LoadFailure.atByte(
                        file,
                        0,
                        "this is " + magic.name() + ", which is not read yet",
                        magic.advice());
            }
        }
    }
}
