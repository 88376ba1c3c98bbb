package dev.marea.storage.transfer;

import dev.marea.storage.store.RemoteFile;
import java.net.http.HttpHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By what the answers for one file are held to be of one version: its tag, or else its date. What
 * the listing said counts, then what the first answer said.
 */
final class Identity {
    private static final String DATED = "last-modified:";

    private final String path;
    private @Nullable String tag;
    private @Nullable String date;

    Identity(RemoteFile file) {
        path = file.path();
        var version = file.version().orElse("");
        if (version.startsWith("\"") || version.startsWith("W/\"")) {
            tag = bare(version);
        } else if (version.startsWith(DATED)) {
            date = version.substring(DATED.length());
        }
    }

    private static String bare(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    synchronized void check(HttpHeaders headers) throws VersionChanged {
        var saidTag = headers.firstValue("ETag").map(Identity::bare);
        var saidDate = headers.firstValue("Last-Modified");
        if (tag != null && saidTag.isPresent()) {
            same("version", tag, saidTag);
        } else if (tag == null && date != null) {
            same("date", date, saidDate);
        }
        tag = tag == null ? saidTag.orElse(null) : tag;
        date = date == null ? saidDate.orElse(null) : date;
    }

    private void same(String what, String wanted, Optional<String> said) throws VersionChanged {
        if (said.isPresent() && !said.get().equals(wanted)) {
            throw new VersionChanged(
                    "%s changed in its store: its %s was %s and is %s"
                            .formatted(path, what, wanted, said.get()));
        }
    }
}
