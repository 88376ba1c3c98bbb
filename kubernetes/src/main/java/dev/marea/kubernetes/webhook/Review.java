package dev.marea.kubernetes.webhook;

import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Optional;

/**
 * What an API server asks: may this object become that one?
 *
 * @param uid of the question, which the answer repeats
 * @param name empty where the API is to make one up
 * @param before empty on create
 */
record Review(
        String uid,
        String group,
        String kind,
        String namespace,
        String name,
        Optional<Json.Obj> before,
        Json.Obj after,
        Author author) {
    static final String API_VERSION = "admission.k8s.io/v1";

    static Review read(Json document) throws NotAReview {
        if (document.text("apiVersion").filter(API_VERSION::equals).isEmpty()
                || document.text("kind").filter("AdmissionReview"::equals).isEmpty()) {
            throw new NotAReview("an AdmissionReview of " + API_VERSION + " is expected");
        }
        var request = document.object("request");
        var before = request.object("oldObject");
        return new Review(
                needed(request, "uid"),
                request.text("kind", "group").orElse(""),
                request.text("kind", "kind").orElseThrow(() -> new NotAReview("it names no kind")),
                request.text("namespace").orElse(""),
                request.text("name").orElse(""),
                before.isEmpty() ? Optional.empty() : Optional.of(before),
                request.object("object"),
                new Author(request.object("userInfo")));
    }

    private static String needed(Json request, String field) throws NotAReview {
        return request.text(field)
                .filter(t -> !t.isEmpty())
                .orElseThrow(() -> new NotAReview("its request has no " + field));
    }

    /** Whether there is anything to judge: something is to be stored. */
    boolean stores() {
        return !after.isEmpty();
    }

    static final class NotAReview extends IOException {
        private static final long serialVersionUID = 1;

        NotAReview(String message) {
            super(message);
        }
    }
}
