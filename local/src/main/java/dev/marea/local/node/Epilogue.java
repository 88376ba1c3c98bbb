package dev.marea.local.node;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalInt;

/** Says how a container ended: its code, a reason, and the last words that it left. */
record Epilogue(PodDirectory directory, ContainerSpec container, int restart) {
    private static final int MESSAGE_BYTES_MAX = 4 << 10;
    private static final int LOG_BYTES_MAX = 2 << 10;
    private static final int UNKNOWN = 137;

    ContainerState.Ended tell(
            OptionalInt code,
            String message,
            Instant started,
            Instant finished,
            boolean outOfMemory) {
        if (code.isEmpty()) {
            return unseen(started, finished);
        }
        int exit = code.getAsInt();
        var reason = outOfMemory ? "OOMKilled" : exit == 0 ? "Completed" : "Error";
        return new ContainerState.Ended(
                exit, reason, message.isEmpty() ? lastWords(exit) : message, started, finished);
    }

    /** Only a parent is told how a process ended. */
    static ContainerState.Ended unseen(Instant started, Instant finished) {
        return new ContainerState.Ended(
                UNKNOWN,
                "ContainerStatusUnknown",
                "it ended while the platform was not running, or had been restarted: its exit code"
                        + " was not seen",
                started,
                finished);
    }

    private String lastWords(int exit) {
        var written = tail(directory.terminationLog(container.name()), MESSAGE_BYTES_MAX);
        boolean byLog = written.isEmpty() && exit != 0 && container.explainsItselfByLog();
        return byLog ? tail(directory.log(container.name(), restart), LOG_BYTES_MAX) : written;
    }

    private static String tail(Path file, int bytesMax) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.max(0, in.length() - bytesMax));
            var bytes = new byte[(int) Math.min(bytesMax, in.length())];
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}
