package dev.marea.gateway;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that moves aside when it is full, keeping a few predecessors; or standard output. */
final class RotatingFile implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final Optional<Path> path;
    private final long bytesMax;
    private final int filesMax;
    private Counting out;

    private RotatingFile(Optional<Path> path, long bytesMax, int filesMax, Counting out) {
        this.path = path;
        this.bytesMax = bytesMax;
        this.filesMax = filesMax;
        this.out = out;
    }

    static RotatingFile open(GatewaySettings.Access settings) throws IOException {
        var out =
                settings.file().isPresent()
                        ? append(settings.file().get())
                        : new Counting(new FileOutputStream(FileDescriptor.out), 0);
        return new RotatingFile(settings.file(), settings.fileBytesMax(), settings.filesMax(), out);
    }

    OutputStream out() {
        return out;
    }

    /** Pushes the lines out, and starts a new file if this one is full. */
    void flush() throws IOException {
        out.flush();
        if (path.isPresent() && out.written >= bytesMax) {
            rotate(path.get());
        }
    }

    @Override
    public void close() throws IOException {
        if (path.isPresent()) {
            out.close();
        } else {
            out.flush(); // standard output belongs to the process
        }
    }

    private void rotate(Path file) throws IOException {
        out.close();
        for (int age = filesMax - 1; age >= 1; age--) {
            Path younger = age == 1 ? file : aged(file, age - 1);
            if (Files.exists(younger)) {
                Files.move(younger, aged(file, age), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (filesMax == 1) {
            Files.deleteIfExists(file);
        }
        out = append(file);
    }

    private static Path aged(Path file, int age) {
        return file.resolveSibling(file.getFileName() + "." + age);
    }

    private static Counting append(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var stream =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new Counting(stream, Files.size(file));
    }

    private static final class Counting extends FilterOutputStream {
        private long written;

        Counting(OutputStream out, long written) {
            super(new BufferedOutputStream(out, BUFFER));
            this.written = written;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            written++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            written += length;
        }
    }
}
