package dev.marea.storage.stores.web;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.Asking.Answer;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.Origin;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.store.Unpack;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One file behind a URL. Its size and version come from a HEAD, or from asking for one byte. */
public final class HttpsStore implements Store {
    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var address = address(uri);
        var name = fileName(address);
        var answer = ask(http, address, "HEAD", false);
        if (answer.status() != 200) {
            answer = ask(http, address, "GET", true); // a signed URL may be for GET alone
        }
        if (answer.status() != 200 && answer.status() != 206) {
            throw refused(uri, answer.status());
        }
        var headers = answer.headers();
        var file =
                new RemoteFile(
                        name,
                        size(answer).orElse(-1),
                        version(headers),
                        Optional.empty(),
                        Unpack.byName(name),
                        origin(address, headers));
        return new Listing(uri.text(), Optional.empty(), List.of(file));
    }

    private static URI address(StoreUri uri) throws FetchFailure {
        try {
            var address = new URI(uri.text());
            if (address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException bad) {
            throw FetchFailure.lasting("cannot fetch " + uri + ": not a URL, " + bad.getReason());
        }
        throw FetchFailure.lasting("cannot fetch " + uri + ": it names no host");
    }

    private static Answer ask(Asking http, URI address, String method, boolean oneByte)
            throws FetchFailure, InterruptedException {
        return http.ask(
                new Asking.Request(
                        () -> {
                            var request =
                                    HttpRequest.newBuilder(address)
                                            .method(method, HttpRequest.BodyPublishers.noBody());
                            return oneByte ? request.header("Range", "bytes=0-0") : request;
                        },
                        true,
                        false));
    }

    private static OptionalLong size(Answer answer) {
        if (answer.status() == 200) {
            return answer.headers().firstValueAsLong("Content-Length");
        }
        var range = answer.headers().firstValue("Content-Range").orElse("");
        var total = range.substring(range.indexOf('/') + 1);
        return total.matches("[0-9]{1,18}")
                ? OptionalLong.of(Long.parseLong(total))
                : OptionalLong.empty();
    }

    /** A weak tag tells no bytes apart. */
    private static Optional<String> version(HttpHeaders headers) {
        return headers.firstValue("ETag")
                .filter(tag -> tag.startsWith("\""))
                .or(() -> headers.firstValue("Last-Modified").map(date -> "last-modified:" + date));
    }

    private static Origin origin(URI address, HttpHeaders headers) {
        var tag = headers.firstValue("ETag").filter(value -> value.startsWith("\""));
        return range -> {
            var request = HttpRequest.newBuilder(address).GET();
            range.ifPresent(bytes -> request.header("Range", bytes.header()));
            tag.ifPresent(value -> request.header("If-Match", value));
            return request;
        };
    }

    private static FetchFailure refused(StoreUri uri, int status) {
        var advice =
                switch (status) {
                    case 401, 403 ->
                            ": it wants credentials; give them as headers in a Secret of the ServiceAccount";
                    case 404, 410 -> ": check storageUri for a misspelt path";
                    default -> "";
                };
        var message = "%s answered %d%s".formatted(uri, status, advice);
        return status == 408 || status == 425 || status == 429 || status >= 500
                ? FetchFailure.passing(message)
                : FetchFailure.lasting(message);
    }

    /** The last step of the path names the file. */
    private static String fileName(URI address) throws FetchFailure {
        var path = address.getPath() == null ? "" : address.getPath();
        var name = path.substring(path.lastIndexOf('/') + 1);
        if (name.isEmpty() || name.startsWith(".")) {
            throw FetchFailure.lasting(
                    "the URL %s ends in no usable file name; name one file, for example …/model.joblib"
                            .formatted(address));
        }
        return name;
    }
}
