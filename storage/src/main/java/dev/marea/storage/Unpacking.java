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
import dev.marea.storage.store.Unpack.Layer;
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
    private final String archive;
    private final String name;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private Unpacking(StorageSettings settings, Intake intake, String archive, String name) {
        this.settings = settings;
        this.intake = intake;
        this.archive = archive;
        this.name = name;
    }

    static Job archive(
            StorageSettings settings,
            Intake intake,
            Tree tree,
            int number,
            RemoteFile file,
            String name,
            boolean resumable,
            Format format) {
        var unpacking = new Unpacking(settings, intake, file.path(), name);
        return switch (format) {
            case TAR -> unpacking.tar(tree, number, file, resumable, Compression.NONE, "");
            case TAR_GZIP -> unpacking.tar(tree, number, file, resumable, Compression.GZIP, "");
            case ZIP -> unpacking.zip(tree, number, file, resumable);
        };
    }

    static Job layer(
            StorageSettings settings,
            Intake intake,
            Tree tree,
            int number,
            RemoteFile file,
            String name,
            boolean resumable,
            Layer layer) {
        return new Unpacking(settings, intake, file.path(), name)
                .tar(tree, number, file, resumable, layer.compression(), layer.directory());
    }

    private Job tar(
            Tree tree,
            int number,
            RemoteFile file,
            boolean resumable,
            Compression compression,
            String directory) {
        return new Job(
                file,
                intake.data(name),
                journal(resumable),
                Optional.of(packed -> {
                    var to = begin();
                    new TarFiles(archive, settings.archives(), modelTree())
                            .read(packed, compression, directory, to);
                }),
                (data, _) -> land(data, tree, number));
    }

    private Job zip(Tree tree, int number, RemoteFile file, boolean resumable) {
        return new Job(
                file,
                intake.data(name),
                journal(resumable),
                Optional.empty(),
                (data, _) -> {
                    var to = begin();
                    new ZipFiles(archive, settings.archives(), modelTree()).read(data, to);
                    land(data, tree, number);
                });
    }

    private Optional<Path> journal(boolean resumable) {
        return resumable ? Optional.of(intake.journal(name)) : Optional.empty();
    }

    private ModelTree modelTree() {
        return new ModelTree(archive, settings.filesMax());
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

    private void land(Path data, Tree tree, int number) throws IOException {
        for (int i = 0; i < files.size(); i++) {
            try (var written = FileChannel.open(files.get(i), StandardOpenOption.WRITE)) {
                written.force(false);
            }
            intake.adopt(files.get(i), entries.get(i).sha256());
        }
        tree.put(number, entries, removed);
        Files.deleteIfExists(data);
    }
}
