package dev.marea.app.home;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** Held while a platform runs on a home; the file says whose process it is. */
public final class Lock implements AutoCloseable {
    private final FileChannel channel;

    private Lock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, or says which process has it. */
    public static Lock take(Home home) throws IOException, Taken {
        var channel =
                FileChannel.open(
                        home.lock(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new Taken(home, Files.readString(home.lock()).strip());
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid())
                                .getBytes(StandardCharsets.UTF_8)),
                0);
        return new Lock(channel);
    }

    /**
     * True while a living process has the home; the kernel frees the lock of a dead one at once.
     */
    static boolean held(Home home) throws IOException {
        if (!Files.exists(home.lock())) {
            return false;
        }
        try (var channel = FileChannel.open(home.lock(), StandardOpenOption.WRITE);
                var free = channel.tryLock()) {
            return free == null;
        } catch (OverlappingFileLockException ownProcess) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Another process has the home. */
    public static final class Taken extends Exception {
        private static final long serialVersionUID = 1;

        Taken(Home home, String pid) {
            super(
                    "marea is already running on %s as process %s; stop it with `marea down`, or choose another MAREA_HOME"
                            .formatted(home.directory(), pid.isEmpty() ? "unknown" : pid));
        }
    }
}
