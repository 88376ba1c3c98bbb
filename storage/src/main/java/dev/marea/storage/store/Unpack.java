package dev.marea.storage.store;

import java.util.Locale;

/** What becomes of a file's bytes. */
public sealed interface Unpack {
    /** They are a file of the model. */
    record Keep() implements Unpack {}

    /** They are unpacked if this is all that the URI names, as in KServe; else kept. */
    record Archive(Format format) implements Unpack {}

    /** A layer of an image: its entries below {@code directory}, named without it. */
    record Layer(Compression compression, String directory) implements Unpack {}

    /** An archive that the name tells. */
    enum Format {
        TAR,
        TAR_GZIP,
        ZIP
    }

    /** How a layer is compressed. */
    enum Compression {
        NONE,
        GZIP,
        ZSTD
    }

    Unpack KEEP = new Keep();

    static Unpack byName(String path) {
        var name = path.toLowerCase(Locale.ROOT);
        if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
            return new Archive(Format.TAR_GZIP);
        }
        if (name.endsWith(".tar")) {
            return new Archive(Format.TAR);
        }
        return name.endsWith(".zip") ? new Archive(Format.ZIP) : KEEP;
    }
}
