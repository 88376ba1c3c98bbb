package dev.marea.storage.stores.hub;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Sensitive;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Refusals;
import dev.marea.storage.stores.talk.StoreOrigin;
import dev.marea.wire.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lists a repository's files at the commit that its branch or tag names now. */
public final class HubStore implements Store {
    private static final int FILES_MAX = 100_000;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final String[] TOKEN = {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"};
    private static final String ENDPOINT = "HF_ENDPOINT";

    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var source = chosen(access);
        var named = endpoint(source).or(() -> endpoint(access.environment()));
        boolean tenants = endpoint(source).isPresent() && !source.administrators();
        var repository = Repository.of(uri, named.orElse("https://huggingface.co"));
        var token = source.first(TOKEN);
        var talk =
                new Conversation(
                        http,
                        uri.toString(),
                        named.isPresent() && !tenants,
                        status -> advice(status, token, access));
        var hub = new Hub(talk, token);
        var facts = talk.json(() -> hub.get(repository.facts()));
        var commit = facts.text("sha").orElse("");
        if (!COMMIT.matcher(commit).matches()) {
            throw FetchFailure.passing(uri + ": the Hub names no commit for this revision");
        }
        var files = files(hub, repository.at(commit), facts);
        return new Listing(repository.at(commit).uri(), Optional.of(commit), files);
    }

    /** Its token goes to its own endpoint, or to the administrator's. */
    private static Source chosen(Access access) {
        return access.sources().stream()
                .filter(source ->
                        source.first(TOKEN).isPresent() || source.first(ENDPOINT).isPresent())
                .findFirst()
                .orElse(access.environment());
    }

    private static Optional<String> endpoint(Source source) {
        return source.first(ENDPOINT)
                .map(url -> url.reveal().strip())
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }

    private static List<RemoteFile> files(Hub hub, Repository repository, Json.Obj facts)
            throws FetchFailure, InterruptedException {
        var siblings = facts.list("siblings");
        if (siblings.isEmpty()) {
            throw Refusals.nothingThere(hub.talk().subject());
        }
        if (siblings.size() > FILES_MAX) {
            throw Refusals.tooMany(hub.talk().subject(), FILES_MAX);
        }
        var files = new ArrayList<RemoteFile>(siblings.size());
        for (var sibling : siblings) {
            files.add(file(hub, repository, sibling));
        }
        return List.copyOf(files);
    }

    private static RemoteFile file(Hub hub, Repository repository, Json sibling)
            throws FetchFailure, InterruptedException {
        var path = sibling.text("rfilename").orElse("");
        var address = repository.file(path);
        long size = sibling.integer("size").orElse(sibling.integer("lfs", "size").orElse(-1));
        var sum = sibling.text("lfs", "sha256").or(() -> sibling.text("lfs", "oid"));
        if (size < 0) {
            var head = hub.talk().raw(() -> hub.head(address));
            size =
                    head.headers()
                            .firstValueAsLong("X-Linked-Size")
                            .orElse(
                                    head.ok()
                                            ? head.headers()
                                                    .firstValueAsLong("Content-Length")
                                                    .orElse(-1)
                                            : -1);
            sum = head.headers().firstValue("X-Linked-Etag").map(tag -> tag.replace("\"", ""));
        }
        return new RemoteFile(
                path,
                size,
                Optional.of(repository.revision()),
                sum.filter(hex -> SHA256.matcher(hex).matches())
                        .map(hex -> new Checksum(Checksum.Algorithm.SHA256, hex)),
                Unpack.KEEP,
                StoreOrigin.of(hub.talk(), address, hub::letIn));
    }

    private static String advice(int status, Optional<Sensitive> token, Access access) {
        return switch (status) {
            case 401, 403 ->
                    token.map(held ->
                                    "check "
                                            + held.place()
                                            + ", and that its account was given access on the model's page")
                            .orElseGet(() ->
                                    "it was asked without a token, as none was found; a private or gated model needs one: "
                                            + access.advice("HF_TOKEN"));
            case 404 ->
                    "check owner, model and revision; a private model is not seen without a token";
            default -> "";
        };
    }

    private record Hub(Conversation talk, Optional<Sensitive> token) {
        HttpRequest.Builder get(URI address) {
            var request = HttpRequest.newBuilder(address);
            letIn(request);
            return request;
        }

        HttpRequest.Builder head(URI address) {
            return get(address).method("HEAD", HttpRequest.BodyPublishers.noBody());
        }

        void letIn(HttpRequest.Builder request) {
            token.ifPresent(
                    held -> request.header("Authorization", "Bearer " + held.reveal().strip()));
        }
    }
}
