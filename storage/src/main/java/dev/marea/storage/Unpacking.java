package dev.marea.storage;

import dev.marea.storage.archive.Entries;
import dev.marea.storage.archive.TarFiles;
import dev.marea.storage.archive.ZipFiles;
import dev.marea.storage.cache.Intake;
import dev.marea.storage.cache.Manifest.Entry;
import dev.marea.storage.store.ModelTree;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Unpack.Compression;
import dev.marea.storage.store.Unpack.Format;
import dev.marea.storage.transfer.Digests;
import dev.marea.storage.transfer.DiskTrouble;
import dev.marea.storage.transfer.Job;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What comes out of one archive: files beside it first, of the cache once the archive is right. */
final class Unpacking {
    private static final int BUFFER_BYTES = 256 << 10;

    private final StorageSettings settings;
    private final Intake intake;
    private final RemoteFile packed;
    private final String name;
    private final Optional<Path> journal;
    private final Landed landed;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /** Takes what came out, and what it takes from the layers below it. */
    @FunctionalInterface
    interface Landed {
        void take(List<Entry> entries, List<String> removed);
    }

    Unpacking(
            StorageSettings settings,
            Intake intake,
            RemoteFile packed,
            String name,
            Optional<Path> journal,
            Landed landed) {
        this.settings = settings;
        this.intake = intake;
        this.packed = packed;
        this.name = name;
        this.journal = journal;
        this.landed = landed;
    }

    Job archive(Format format) {
        return switch (format) {
            case TAR -> layer(Compression.NONE, "");
            case TAR_GZIP -> layer(Compression.GZIP, "");
            case ZIP -> zip();
        };
    }

    /** Read while it comes. */
    Job layer(Compression compression, String directory) {
        return new Job(
                packed,
                intake.data(name),
                journal,
                Optional.of(content -> {
                    var to = begin();
                    new TarFiles(packed.path(), settings.archives(), modelTree())
                            .read(content, compression, directory, to);
                }),
                (data, _) -> land(data));
    }

    private Job zip() {
        return new Job(
                packed,
                intake.data(name),
                journal,
                Optional.empty(),
                (data, _) -> {
                    var to = begin();
                    new ZipFiles(packed.path(), settings.archives(), modelTree()).read(data, to);
                    land(data);
                });
    }

    private ModelTree modelTree() {
        return new ModelTree(packed.path(), settings.filesMax());
    }

    private Entries begin() throws IOException {
        entries.clear();
        files.clear();
        removed.clear();
        var directory = intake.unpacked(name);
        return new Entries() {
            @Override
            public void file(String path, InputStream content) throws IOException {
                write(path, content, directory.resolve(Integer.toString(files.size())));
            }

            @Override
            public void removed(String path) {
                removed.add(path);
            }
        };
    }

    private void write(String path, InputStream content, Path file) throws IOException {
        var digests = new Digests(Optional.empty());
        try (var out =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                digests.add(buffer, 0, count);
                write(out, file, count);
            }
        }
        var sums = digests.sums();
        files.add(file);
        entries.add(new Entry(path, sums.bytes(), sums.sha256(), "-"));
    }

    private void write(FileChannel out, Path file, int count) throws IOException {
        var bytes = ByteBuffer.wrap(buffer, 0, count);
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException disk) {
            throw DiskTrouble.of(file, disk);
        }
    }

    private void land(Path data) throws IOException {
        for (int i = 0; i < files.size(); i++) {
            try (var written = FileChannel.open(files.get(i), StandardOpenOption.WRITE)) {
                written.force(false);
            }
            intake.adopt(files.get(i), entries.get(i).sha256());
        }
        landed.take(entries, removed);
        Files.deleteIfExists(data);
    }
}
