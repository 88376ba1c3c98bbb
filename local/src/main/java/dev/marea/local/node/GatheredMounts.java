package dev.marea.local.node;

import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The step that fetches is told the one directory in which its Secrets are mounted side by side. A
 * process without mounts finds there a directory of links to where they really are.
 */
final class GatheredMounts {
    private static final List<String> DIRECTORIES =
            List.of(FetchTerms.SECRETS_DIRECTORY, FetchTerms.AUTHORITIES_DIRECTORY);

    private GatheredMounts() {}

    static List<MountTable.Mount> of(List<MountTable.Mount> mounts) throws IOException {
        var gathered = new ArrayList<MountTable.Mount>();
        for (var directory : DIRECTORIES) {
            var inside = mounts.stream().filter(m -> m.path().startsWith(directory + "/")).toList();
            if (!inside.isEmpty()) {
                gathered.add(new MountTable.Mount(directory, linked(directory, inside)));
            }
        }
        return gathered;
    }

    /** Beside the volumes, under a name that none of them can have. */
    private static Path linked(String directory, List<MountTable.Mount> inside) throws IOException {
        var links =
                inside.getFirst().real().resolveSibling(".gathered" + directory.replace('/', '-'));
        Files.createDirectories(links);
        for (var mount : inside) {
            var link = links.resolve(mount.path().substring(directory.length() + 1));
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, mount.real());
        }
        return links;
    }
}
