package dev.marea.storage.stores.hub;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Percent;
import java.net.URI;
import java.util.regex.Pattern;

/** A model's repository at a revision, on one endpoint. */
record Repository(String endpoint, String owner, String model, String revision) {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9._/-]{1,200}");

    static Repository of(StoreUri uri, String endpoint) throws FetchFailure {
        var rest = uri.rest();
        int colon = rest.indexOf(':');
        var name = colon < 0 ? rest : rest.substring(0, colon);
        var revision = colon < 0 ? "main" : rest.substring(colon + 1);
        int slash = name.indexOf('/');
        var owner = slash < 0 ? "" : name.substring(0, slash);
        var model = name.substring(slash + 1);
        if (!NAME.matcher(owner).matches()
                || !NAME.matcher(model).matches()
                || !REVISION.matcher(revision).matches()) {
            throw FetchFailure.lasting(
                    uri + " names no model; write hf://owner/model or hf://owner/model:revision");
        }
        return new Repository(endpoint, owner, model, revision);
    }

    URI facts() {
        return URI.create(
                "%s/api/models/%s/%s/revision/%s?blobs=true"
                        .formatted(endpoint, owner, model, Percent.part(revision)));
    }

    URI file(String path) {
        return URI.create(
                "%s/%s/%s/resolve/%s/%s"
                        .formatted(
                                endpoint,
                                owner,
                                model,
                                Percent.part(revision),
                                Percent.path(path)));
    }

    Repository at(String commit) {
        return new Repository(endpoint, owner, model, commit);
    }

    String uri() {
        return "hf://" + owner + "/" + model + ":" + revision;
    }
}
