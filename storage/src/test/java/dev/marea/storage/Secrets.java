package dev.marea.storage;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Sensitive;
import dev.marea.storage.credentials.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Credentials for tests. */
final class Secrets {
    private Secrets() {}

    /** A Secret as KServe's https credentials are written. */
    static Access headers(String host, String headers) {
        var secret =
                new Source(
                        Source.Kind.SECRET,
                        "Secret web",
                        Map.of(
                                "https-host", new Sensitive(host, "key https-host of Secret web"),
                                "headers", new Sensitive(headers, "key headers of Secret web")),
                        Map.of());
        return new Access(List.of(secret), Access.NONE.environment(), Optional.empty());
    }
}
