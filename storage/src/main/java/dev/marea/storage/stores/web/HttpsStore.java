package dev.marea.storage.stores.web;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.Asking.Answer;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.StoreOrigin;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
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
        var headers = HostHeaders.of(address, access);
        var talk = new Conversation(http, uri.text(), false, status -> advice(status, access));
        var answer = asked(talk, address, headers);
        var file =
                new RemoteFile(
                        name,
                        size(answer).orElse(-1),
                        version(answer.headers()),
                        Optional.empty(),
                        Unpack.byName(name),
                        origin(talk, address, headers, answer.headers()));
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

    private static Answer asked(Conversation talk, URI address, HostHeaders headers)
            throws FetchFailure, InterruptedException {
        var head =
                talk.http()
                        .ask(
                                new Asking.Request(
                                        () -> {
                                            var request =
                                                    HttpRequest.newBuilder(address)
                                                            .method(
                                                                    "HEAD",
                                                                    BodyPublishers.noBody());
                                            headers.letIn(request);
                                            return request;
                                        },
                                        true,
                                        false));
        if (head.status() == 200) {
            return head;
        }
        return talk.ok(() -> { // a signed URL may be for GET alone
            var request = HttpRequest.newBuilder(address).header("Range", "bytes=0-0");
            headers.letIn(request);
            return request;
        });
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
    private static Optional<String> tag(HttpHeaders headers) {
        return headers.firstValue("ETag").filter(tag -> tag.startsWith("\""));
    }

    private static Optional<String> version(HttpHeaders headers) {
        return tag(headers)
                .or(() -> headers.firstValue("Last-Modified").map(date -> "last-modified:" + date));
    }

    private static StoreOrigin origin(
            Conversation talk, URI address, HostHeaders headers, HttpHeaders said) {
        return StoreOrigin.of(
                talk,
                address,
                request -> {
                    headers.letIn(request);
                    tag(said).ifPresent(tag -> request.header("If-Match", tag));
                });
    }

    private static String advice(int status, Access access) {
        return switch (status) {
            case 401, 403 -> access.advice("https-host and headers");
            case 404, 410 -> "check storageUri for a misspelt path";
            default -> "";
        };
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
