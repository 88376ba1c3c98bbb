package dev.marea.kubernetes.expose;

import dev.marea.core.spec.ServiceId;
import dev.marea.wire.json.Json;
import java.util.stream.Stream;

/** The services that exist, and a way to have one looked at again. */
public interface Services {
    Services NONE =
            new Services() {
                @Override
                public Stream<Json.Obj> all() {
                    return Stream.empty();
                }

                @Override
                public void wake(ServiceId service) {
                    // There is none.
                }
            };

    Stream<Json.Obj> all();

    void wake(ServiceId service);

    static ServiceId id(Json.Obj tree) {
        return new ServiceId(
                tree.text("metadata", "namespace").orElseThrow(),
                tree.text("metadata", "name").orElseThrow());
    }
}
