package dev.marea.kubernetes.lead;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Optional;

/** The one Lease of an installation; a write that somebody else's came before is refused. */
interface Leases {
    Optional<Json.Obj> get() throws IOException;

    Json.Obj create(Json.Obj lease) throws IOException;

    Json.Obj replace(Json.Obj lease) throws IOException;

    static Leases in(Api api, String namespace, String name) {
        return new Leases() {
            @Override
            public Optional<Json.Obj> get() throws IOException {
                return api.get(Kind.LEASE, namespace, name);
            }

            @Override
            public Json.Obj create(Json.Obj lease) throws IOException {
                return api.create(Kind.LEASE, namespace, lease);
            }

            @Override
            public Json.Obj replace(Json.Obj lease) throws IOException {
                return api.replace(Kind.LEASE, namespace, lease);
            }
        };
    }
}
