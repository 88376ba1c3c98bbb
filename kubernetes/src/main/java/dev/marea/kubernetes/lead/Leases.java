package dev.marea.kubernetes.lead;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Optional;

/** The one Lease of an installation. */
interface Leases {
    Optional<Json.Obj> get() throws IOException;

    /** The Lease as it now is; empty if somebody else was faster. */
    Optional<Json.Obj> create(Json.Obj lease) throws IOException;

    /** The Lease as it now is; empty if it changed since the version that is replaced. */
    Optional<Json.Obj> replace(Json.Obj lease) throws IOException;

    static Leases in(Api api, String namespace, String name) {
        return new Leases() {
            @Override
            public Optional<Json.Obj> get() throws IOException {
                return api.get(Kind.LEASE, namespace, name);
            }

            @Override
            public Optional<Json.Obj> create(Json.Obj lease) throws IOException {
                return unlessFaster(() -> api.create(Kind.LEASE, namespace, lease));
            }

            @Override
            public Optional<Json.Obj> replace(Json.Obj lease) throws IOException {
                return unlessFaster(() -> api.replace(Kind.LEASE, namespace, lease));
            }
        };
    }

    /** One write. */
    interface Write {
        Json.Obj now() throws IOException;
    }

    private static Optional<Json.Obj> unlessFaster(Write write) throws IOException {
        try {
            return Optional.of(write.now());
        } catch (ApiRefusal refused) {
            if (refused.conflict()) {
                return Optional.empty();
            }
            throw refused;
        }
    }
}
