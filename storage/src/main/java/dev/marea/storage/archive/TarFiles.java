package dev.marea.storage.archive;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.ModelTree;
import dev.marea.storage.store.Unpack.Compression;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads a tar while it arrives. Only plain files and directories are taken: a link, a device or a
 * FIFO refuses the whole archive, by name.
 */
public final class TarFiles {
    private static final String WHITEOUT = ".wh.";

    private final String archive;
    private final Budget budget;
    private final ModelTree tree;

    /**
     * @param archive its name, for messages
     * @param tree of the whole model
     */
    public TarFiles(String archive, Budget budget, ModelTree tree) {
        this.archive = archive;
        this.budget = budget;
        this.tree = tree;
    }

    /**
     * Hands over every file below {@code directory}.
     *
     * @param directory whose files are wanted, named without it; all if it is empty
     */
    public void read(InputStream packed, Compression compression, String directory, Entries to)
            throws IOException, InterruptedException {
        var counted = new Counted(packed);
        try {
            walk(new TarArchiveInputStream(plain(counted, compression)), counted, directory, to);
        } catch (FetchFailure own) {
            throw own;
        } catch (IOException | IllegalArgumentException malformed) {
            if (counted.broken()) {
                throw malformed; // nothing of the archive's: its bytes did not come
            }
            throw FetchFailure.lasting(
                    archive + " is no whole tar archive: " + malformed.getMessage());
        }
    }

    private InputStream plain(InputStream packed, Compression compression) throws IOException {
        return switch (compression) {
            case NONE -> packed;
            case GZIP -> new GZIPInputStream(packed, 64 << 10);
            case ZSTD -> new ZstdInputStream(packed);
        };
    }

    private void walk(TarArchiveInputStream tar, Counted packed, String directory, Entries to)
            throws IOException, InterruptedException {
        long out = 0;
        int entries = 0;
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (++entries > budget.filesMax()) {
                throw FetchFailure.lasting(
                        "%s has more than %d entries, the limit for one model"
                                .formatted(archive, budget.filesMax()));
            }
            var path = inside(entry, directory);
            if (path.isEmpty() || whiteout(path.get(), to)) {
                continue;
            }
            judge(entry, path.get());
            if (!entry.isDirectory()) {
                budget.check(archive, path.get(), Long.MAX_VALUE, out + entry.getRealSize());
                tree.add(path.get());
                var content = new Spent(tar, archive, path.get(), budget, out, packed::count);
                to.file(path.get(), content);
                out += content.count();
            }
        }
    }

    /** The entry's path in the model; empty for what is outside the wanted directory. */
    private Optional<String> inside(TarArchiveEntry entry, String directory) throws FetchFailure {
        var name = entry.getName().replaceFirst("^(\\./)+", "");
        if (name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.isEmpty() || name.equals(".")) {
            return Optional.empty();
        }
        if (!directory.isEmpty() && !name.startsWith(directory + "/")) {
            return Optional.empty();
        }
        tree.check(name);
        return Optional.of(directory.isEmpty() ? name : name.substring(directory.length() + 1));
    }

    private boolean whiteout(String path, Entries to) throws IOException {
        var name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.startsWith(WHITEOUT)) {
            return false;
        }
        to.removed(
                path.substring(0, path.length() - name.length())
                        + name.substring(WHITEOUT.length()));
        return true;
    }

    private void judge(TarArchiveEntry entry, String path) throws FetchFailure {
        if (entry.isDirectory()) {
            return;
        }
        var kind =
                switch (entry.getLinkFlag()) {
                    case TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL, TarConstants.LF_CONTIG ->
                            entry.isSparse() ? "is a sparse file" : "";
                    case TarConstants.LF_SYMLINK -> "is a symbolic link to " + entry.getLinkName();
                    case TarConstants.LF_LINK -> "is a hard link to " + entry.getLinkName();
                    case TarConstants.LF_GNUTYPE_SPARSE -> "is a sparse file";
                    default -> "is a device, a FIFO or the like";
                };
        if (!kind.isEmpty()) {
            throw FetchFailure.lasting(
                    "%s is refused: its entry \"%s\" %s; pack plain files alone"
                            .formatted(archive, path, kind));
        }
    }
}
