package dev.marea.storage.stores.azure;

import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.talk.StoreOrigin;
import java.net.URI;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What Azure says of a blob or a file, as a file of a model; pinned by its tag. */
final class AzureFiles {
    private AzureFiles() {}

    static RemoteFile file(
            Door door,
            String path,
            URI address,
            long size,
            Optional<String> tag,
            Optional<String> md5) {
        return new RemoteFile(
                path,
                size,
                tag,
                md5.flatMap(AzureFiles::sum),
                Unpack.byName(path),
                new StoreOrigin(
                        door.talk(),
                        range -> {
                            Map<String, String> headers = new LinkedHashMap<>();
                            range.ifPresent(bytes -> headers.put("Range", bytes.header()));
                            tag.ifPresent(etag -> headers.put("If-Match", etag));
                            return door.get(address, headers);
                        }));
    }

    private static Optional<Checksum> sum(String base64) {
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return Optional.of(
                    new Checksum(Checksum.Algorithm.MD5, HexFormat.of().formatHex(bytes)));
        } catch (IllegalArgumentException bad) {
            return Optional.empty();
        }
    }

    static long size(Optional<String> text) {
        try {
            return text.map(Long::parseLong).orElse(-1L);
        } catch (NumberFormatException bad) {
            return -1;
        }
    }

    /** A listing's tags are bare, and a request's are quoted. */
    static Optional<String> quoted(Optional<String> tag) {
        return tag.map(text -> text.startsWith("\"") ? text : "\"" + text + "\"");
    }
}
