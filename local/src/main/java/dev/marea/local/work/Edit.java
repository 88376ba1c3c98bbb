package dev.marea.local.work;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads one object, changes it and writes it back, again if another was faster. */
public final class Edit {
    private static final int ATTEMPTS = 10;

    private final Objects objects;
    private final String manager;

    public Edit(Objects objects, String manager) {
        this.objects = objects;
        this.manager = manager;
    }

    /** Empty if there is no such object, or only another one of the same name. */
    public Optional<Json.Obj> object(Key key, String uid, UnaryOperator<Json.Obj> change)
            throws Refusal {
        return write(key, uid, change, next -> objects.update(next, manager));
    }

    /** The same for {@code status}; the change is given and gives the whole object. */
    public Optional<Json.Obj> status(Key key, String uid, UnaryOperator<Json.Obj> change)
            throws Refusal {
        return write(key, uid, change, next -> objects.updateStatus(next, manager));
    }

    private interface Write {
        Json.Obj of(Json.Obj next) throws Refusal;
    }

    private Optional<Json.Obj> write(
            Key key, String uid, UnaryOperator<Json.Obj> change, Write write) throws Refusal {
        for (int attempt = 1; ; attempt++) {
            var now = objects.get(key).filter(found -> new Meta(found).uid().equals(uid));
            if (now.isEmpty()) {
                return now;
            }
            var next = change.apply(now.get());
            if (next.equals(now.get())) {
                return now;
            }
            try {
                return Optional.of(write.of(next));
            } catch (Refusal refused) {
                if (refused.notFound()) {
                    return Optional.empty();
                }
                if (!refused.conflict() || attempt == ATTEMPTS) {
                    throw refused;
                }
            }
        }
    }
}
