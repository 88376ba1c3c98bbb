package dev.marea.storage.stores.gcs;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.storage.stores.talk.Prefix;
import dev.marea.storage.stores.talk.Refusals;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Lists a bucket's objects under a prefix, or the one of that name, each by its generation. */
public final class GcsStore implements Store {
    private static final int FILES_MAX = 200_000;
    private static final String FIELDS = "name,size,generation,md5Hash,crc32c,contentEncoding";

    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var rest = uri.rest();
        int slash = rest.indexOf('/');
        var bucket = slash < 0 ? rest : rest.substring(0, slash);
        if (bucket.isEmpty()) {
            throw FetchFailure.lasting(uri + " names no bucket; write gs://bucket/path");
        }
        var prefix = new Prefix(slash < 0 ? "" : rest.substring(slash + 1));
        var tokens =
                emulator(access).isPresent()
                        ? new Tokens.Anonymous("the emulator of STORAGE_EMULATOR_HOST refuses")
                        : GoogleIdentity.of(access, http);
        var talk = new Conversation(http, uri.toString(), true, status -> advice(status, tokens));
        var service = new Service(base(access), bucket, tokens);
        var single = single(service, prefix, talk);
        var files = single.isPresent() ? List.of(single.get()) : pages(service, prefix, talk);
        if (files.isEmpty()) {
            throw Refusals.nothingThere(uri.toString());
        }
        return new Listing(uri.toString(), Optional.empty(), files);
    }

    private static Optional<RemoteFile> single(Service service, Prefix prefix, Conversation talk)
            throws FetchFailure, InterruptedException {
        if (prefix.directoryOnly()) {
            return Optional.empty();
        }
        var answer = talk.raw(() -> service.get(service.object(prefix.name(), "fields=" + FIELDS)));
        if (answer.status() != 200) {
            return Optional.empty(); // listed next; what is wrong is told there
        }
        try {
            return JsonReader.read(answer.body()) instanceof Json.Obj object
                    ? service.file(object, prefix.fileName(), talk)
                    : Optional.empty();
        } catch (JsonReader.MalformedJson cut) {
            return Optional.empty();
        }
    }

    private static List<RemoteFile> pages(Service service, Prefix prefix, Conversation talk)
            throws FetchFailure, InterruptedException {
        var files = new ArrayList<RemoteFile>();
        var token = "";
        do {
            var query = new LinkedHashMap<String, String>();
            query.put("prefix", prefix.directory());
            query.put("maxResults", "1000");
            query.put("fields", "nextPageToken,items(" + FIELDS + ")");
            if (!token.isEmpty()) {
                query.put("pageToken", token);
            }
            var page = talk.json(() -> service.get(service.listing(Percent.query(query))));
            for (var item : items(page)) {
                var path = prefix.below(Service.text(item, "name"));
                if (path.isPresent()) {
                    service.file(item, path.get(), talk).ifPresent(files::add);
                }
            }
            if (files.size() > FILES_MAX) {
                throw Refusals.tooMany(talk.subject(), FILES_MAX);
            }
            token = Service.text(page, "nextPageToken");
        } while (!token.isEmpty());
        return List.copyOf(files);
    }

    private static List<Json.Obj> items(Json.Obj page) {
        return page.fields().get("items") instanceof Json.Arr(var items)
                ? items.stream()
                        .filter(Json.Obj.class::isInstance)
                        .map(Json.Obj.class::cast)
                        .toList()
                : List.of();
    }

    private static Optional<String> emulator(Access access) {
        return access.administrators("STORAGE_EMULATOR_HOST");
    }

    private static String base(Access access) {
        return emulator(access)
                .map(host -> host.contains("://") ? host : "http://" + host)
                .map(host -> host.endsWith("/") ? host.substring(0, host.length() - 1) : host)
                .orElse("https://storage.googleapis.com");
    }

    private static String advice(int status, Tokens tokens) {
        return switch (status) {
            case 401, 403 -> tokens.advice();
            case 404 -> "check the bucket's name";
            default -> "";
        };
    }
}
