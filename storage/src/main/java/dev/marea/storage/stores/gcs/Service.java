package dev.marea.storage.stores.gcs;

import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.storage.stores.talk.StoreOrigin;
import dev.marea.wire.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The JSON API of one bucket: its addresses, and what it says of an object. */
record Service(String base, String bucket, Tokens tokens) {
    URI listing(String query) {
        return URI.create(objects() + "?" + query);
    }

    URI object(String name, String query) {
        return URI.create(objects() + "/" + Percent.part(name) + "?" + query);
    }

    private String objects() {
        return base + "/storage/v1/b/" + Percent.part(bucket) + "/o";
    }

    HttpRequest.Builder get(URI address) throws FetchFailure, InterruptedException {
        var request = HttpRequest.newBuilder(address);
        letIn(request);
        return request;
    }

    /** An object kept in gzip is sent unpacked and whole, so that size and sums say nothing. */
    Optional<RemoteFile> file(Json.Obj object, String path, Conversation talk) {
        var name = text(object, "name");
        var generation = text(object, "generation");
        if (name.isEmpty() || generation.isEmpty()) {
            return Optional.empty();
        }
        boolean packed = text(object, "contentEncoding").equals("gzip");
        var address = object(name, "alt=media&generation=" + Percent.part(generation));
        return Optional.of(
                new RemoteFile(
                        path,
                        packed ? -1 : size(text(object, "size")),
                        Optional.of(generation),
                        packed ? Optional.empty() : sum(object),
                        Unpack.byName(path),
                        StoreOrigin.of(talk, address, this::letIn)));
    }

    private void letIn(HttpRequest.Builder request) throws FetchFailure, InterruptedException {
        var token = tokens.bearer();
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
    }

    /** An object composed of parts has no md5Hash. */
    private static Optional<Checksum> sum(Json.Obj object) {
        return checksum(Checksum.Algorithm.MD5, text(object, "md5Hash"))
                .or(() -> checksum(Checksum.Algorithm.CRC32C, text(object, "crc32c")));
    }

    private static Optional<Checksum> checksum(Checksum.Algorithm algorithm, String base64) {
        if (base64.isEmpty()) {
            return Optional.empty();
        }
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return Optional.of(new Checksum(algorithm, HexFormat.of().formatHex(bytes)));
        } catch (IllegalArgumentException bad) {
            return Optional.empty();
        }
    }

    private static long size(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException bad) {
            return -1;
        }
    }

    static String text(Json.Obj object, String name) {
        return object.fields().get(name) instanceof Json.Str(var text) ? text : "";
    }
}
