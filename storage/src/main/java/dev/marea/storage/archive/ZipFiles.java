package dev.marea.storage.archive;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.ModelTree;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Reads a zip from disk: only its directory, at its end, says what is in it, and what stands before
 * each file may say something else.
 */
public final class ZipFiles {
    private final String archive;
    private final Budget budget;
    private final ModelTree tree;

    public ZipFiles(String archive, Budget budget, ModelTree tree) {
        this.archive = archive;
        this.budget = budget;
        this.tree = tree;
    }

    /** Hands over every file. */
    public void read(Path file, Entries to) throws IOException, InterruptedException {
        try (var zip = ZipFile.builder().setPath(file).get()) {
            walk(zip, to);
        } catch (FetchFailure own) {
            throw own;
        } catch (java.util.zip.ZipException | IllegalArgumentException malformed) {
            throw FetchFailure.lasting(
                    archive + " is no whole zip archive: " + malformed.getMessage());
        }
    }

    private void walk(ZipFile zip, Entries to) throws IOException, InterruptedException {
        long out = 0;
        long in = 1;
        int entries = 0;
        for (var entry : java.util.Collections.list(zip.getEntries())) {
            if (++entries > budget.filesMax()) {
                throw FetchFailure.lasting(
                        "%s has more than %d entries, the limit for one model"
                                .formatted(archive, budget.filesMax()));
            }
            var name = entry.getName();
            if (entry.isDirectory()) {
                tree.check(name.substring(0, name.length() - 1));
                continue;
            }
            judge(entry, name);
            tree.add(name);
            in += Math.max(0, entry.getCompressedSize());
            long packed = in;
            try (var raw = zip.getInputStream(entry)) {
                var content = new Spent(raw, archive, name, budget, out, () -> packed);
                to.file(name, content);
                out += content.count();
                if (content.count() != entry.getSize()) {
                    throw FetchFailure.lasting(
                            "%s is refused: its entry \"%s\" has %d bytes and says %d"
                                    .formatted(archive, name, content.count(), entry.getSize()));
                }
            }
        }
    }

    private void judge(ZipArchiveEntry entry, String name) throws FetchFailure {
        int type = entry.getUnixMode() & 0170000;
        var kind =
                entry.getGeneralPurposeBit().usesEncryption()
                        ? "is encrypted"
                        : entry.isUnixSymlink()
                                ? "is a symbolic link"
                                : type != 0 && type != 0100000 ? "is no plain file" : "";
        if (!kind.isEmpty()) {
            throw FetchFailure.lasting(
                    "%s is refused: its entry \"%s\" %s; pack plain files alone"
                            .formatted(archive, name, kind));
        }
    }
}
