package dev.marea.server.llama.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * llama.cpp's libraries, unpacked into one directory: its loader looks for the CPU's variant beside
 * itself.
 *
 * @param directory where every library lies
 * @param version llama.cpp's
 */
public record Natives(Path directory, String version) {
    private static final String ROOT = "/META-INF/marea/llama/";
    private static final Set<PosixFilePermission> OWNERS_ONLY =
            PosixFilePermissions.fromString("rwx------");

    /** Why there are none for this machine. */
    public static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String message, @Nullable Throwable cause) {
            super(message, cause, false, false);
        }
    }

    /**
     * Unpacks them below a directory, unless they lie there already; either way each is compared
     * with its sum, for what lies there will run.
     */
    public static Natives unpack(Path below) throws Missing {
        var platform = platform();
        try {
            var list = list(platform);
            if (list.isEmpty()) {
                throw new Missing(
                        "this build has no llama.cpp for "
                                + platform
                                + "; on linux-x86_64 build again where npm can fetch it",
                        null);
            }
            return new Natives(unpacked(list.get(), platform, below), list.get().version());
        } catch (IOException failed) {
            throw new Missing(
                    "llama.cpp's libraries cannot be unpacked to " + below + ": " + failed, failed);
        }
    }

    /** Whether this build has any for this machine. */
    public static boolean areHere() {
        return Natives.class.getResource(ROOT + platform() + "/natives.list") != null;
    }

    static String platform() {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var arch = System.getProperty("os.arch");
        return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }

    private static Optional<NativesList> list(String platform) throws IOException {
        try (var in = Natives.class.getResourceAsStream(ROOT + platform + "/natives.list")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(
                            NativesList.parse(
                                    new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    private static Path unpacked(NativesList list, String platform, Path below) throws IOException {
        Files.createDirectories(below);
        var directory = below.resolve("llama-" + list.digest().substring(0, 16));
        if (Files.isDirectory(directory) && isWhole(directory, list)) {
            return directory;
        }
        var fresh =
                Files.createTempDirectory(
                        below, "llama-", PosixFilePermissions.asFileAttribute(OWNERS_ONLY));
        for (var name : list.sums().keySet()) {
            try (var in = Natives.class.getResourceAsStream(ROOT + platform + "/" + name)) {
                if (in == null) {
                    throw new IOException("the jar lacks " + name);
                }
                Files.copy(in, fresh.resolve(name));
            }
        }
        if (!isWhole(fresh, list)) {
            throw new IOException("what the jar holds has other sums than it says");
        }
        return published(fresh, directory, list);
    }

    /** Two starts may race: the first one's directory is as good as ours. A damaged one is not. */
    private static Path published(Path fresh, Path directory, NativesList list) throws IOException {
        try {
            return Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException _) {
            return fresh;
        } catch (java.nio.file.FileSystemException _) {
            if (isWhole(directory, list)) {
                for (var name : list.sums().keySet()) {
                    Files.delete(fresh.resolve(name));
                }
                Files.delete(fresh);
                return directory;
            }
            return fresh;
        }
    }

    private static boolean isWhole(Path directory, NativesList list) throws IOException {
        for (var file : list.sums().entrySet()) {
            var path = directory.resolve(file.getKey());
            if (!Files.isRegularFile(path) || !sum(path).equals(file.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static String sum(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
