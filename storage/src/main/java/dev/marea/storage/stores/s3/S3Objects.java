package dev.marea.storage.stores.s3;

import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.StoreOrigin;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.regex.Pattern;

/** What S3 says of an object, as a file of a model. */
final class S3Objects {
    /** An object put in one piece; the tag of one put in parts ends in their number. */
    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    private S3Objects() {}

    static RemoteFile file(
            String path,
            long size,
            Optional<String> etag,
            Optional<Checksum> sum,
            Signer signer,
            URI address,
            Conversation talk) {
        return new RemoteFile(
                path,
                size,
                etag,
                sum,
                Unpack.byName(path),
                new StoreOrigin(
                        talk,
                        range -> {
                            var headers = new LinkedHashMap<String, String>();
                            range.ifPresent(bytes -> headers.put("Range", bytes.header()));
                            etag.ifPresent(tag -> headers.put("If-Match", tag));
                            return signer.get(address, headers);
                        }));
    }

    static Optional<Checksum> sha256(String base64) {
        try {
            return Optional.of(
                    new Checksum(
                            Checksum.Algorithm.SHA256,
                            HexFormat.of().formatHex(Base64.getDecoder().decode(base64))));
        } catch (IllegalArgumentException bad) {
            return Optional.empty();
        }
    }

    /** Where a key of the key service encrypts, the tag is no sum of what we get. */
    static boolean encrypted(HttpHeaders headers) {
        var encryption = headers.firstValue("x-amz-server-side-encryption").orElse("AES256");
        return !encryption.equals("AES256")
                || headers.firstValue("x-amz-server-side-encryption-customer-algorithm")
                        .isPresent();
    }

    static Optional<Checksum> md5(Optional<String> etag) {
        return etag.map(tag -> tag.replace("\"", ""))
                .filter(tag -> MD5.matcher(tag).matches())
                .map(hex -> new Checksum(Checksum.Algorithm.MD5, hex));
    }
}
