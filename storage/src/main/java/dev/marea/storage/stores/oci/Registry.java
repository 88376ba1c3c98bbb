package dev.marea.storage.stores.oci;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Conversation;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;

/** One repository of a registry: its addresses, and what lets requests in. */
record Registry(Reference reference, String base, Conversation talk, RegistryAuth auth) {
    /** Registries that the administrator lets be spoken to without TLS, with commas between. */
    static final String PLAIN = "MAREA_OCI_INSECURE_REGISTRIES";

    static Registry of(
            Reference reference, String subject, Access access, Asking http, String actions) {
        boolean plain =
                access.administrators(PLAIN)
                        .map(list -> List.of(list.split("\\s*,\\s*")))
                        .orElse(List.of())
                        .contains(reference.registry());
        var base = (plain ? "http://" : "https://") + reference.registry() + "/v2/";
        var login = Login.of(reference.registry(), access);
        var talk = new Conversation(http, subject, plain, status -> advice(status, login, access));
        var auth =
                new RegistryAuth(
                        talk,
                        URI.create(base),
                        "repository:" + reference.repository() + ":" + actions,
                        login);
        return new Registry(reference, base + reference.repository(), talk, auth);
    }

    URI manifest(String label) {
        return URI.create(base + "/manifests/" + label);
    }

    URI blob(String digest) {
        return URI.create(base + "/blobs/" + digest);
    }

    URI uploads() {
        return URI.create(base + "/blobs/uploads/");
    }

    HttpRequest.Builder request(URI address) throws FetchFailure, InterruptedException {
        var request = HttpRequest.newBuilder(address);
        auth.letIn(request);
        return request;
    }

    private static String advice(int status, Optional<Login> login, Access access) {
        return switch (status) {
            case 401, 403 ->
                    login.map(held -> "check the user " + held.user() + " in " + held.place())
                            .orElseGet(() ->
                                    "it was asked as anybody, as no login for this registry was found; "
                                            + access.advice(".dockerconfigjson"));
            case 404 -> "check the repository and its tag";
            default -> "";
        };
    }
}
