package dev.marea.local.work;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind, followed from its present objects on: what exists comes first, as ADDED. Should the
 * kept window of changes have passed by, it lists anew, and tells what has gone as DELETED.
 */
public final class Follow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follow.class);
    private static final int GONE = 410;
    private static final int LISTS_MAX = 10;

    private final Objects objects;
    private final Resource resource;
    private final Consumer<Change> consumer;
    private final Map<Key, Json.Obj> known = new HashMap<>();
    private Objects.@Nullable Watch watch;
    private boolean closed;

    private Follow(Objects objects, Resource resource, Consumer<Change> consumer) {
        this.objects = objects;
        this.resource = resource;
        this.consumer = consumer;
    }

    /** The consumer must be quick; it runs on this thread for the list, then on the watch's. */
    public static Follow all(Objects objects, Resource resource, Consumer<Change> consumer) {
        var follow = new Follow(objects, resource, consumer);
        follow.begin();
        return follow;
    }

    private synchronized void begin() {
        for (int attempt = 1; !closed; attempt++) {
            var listing = objects.list(resource, "");
            give(listing);
            try {
                watch = objects.watch(resource, listing.version(), this::take, this::lost);
                return;
            } catch (Refusal refused) {
                if (refused.code() != GONE || attempt == LISTS_MAX) {
                    throw new IllegalStateException("cannot follow " + resource.plural(), refused);
                }
            }
        }
    }

    private void lost() {
        LOG.warn("fell behind the changes of {}; listing anew", resource.plural());
        Thread.ofVirtual().name("follow " + resource.plural()).start(this::begin);
    }

    private void give(Objects.Listing listing) {
        var gone = new HashMap<>(known);
        for (var item : listing.items()) {
            var key = new Meta(item).key(resource);
            gone.remove(key);
            take(new Change(listing.version(), Change.Type.ADDED, key, item));
        }
        gone.forEach(
                (key, last) -> take(new Change(listing.version(), Change.Type.DELETED, key, last)));
    }

    private synchronized void take(Change change) {
        if (closed) {
            return;
        }
        if (change.type() == Change.Type.DELETED) {
            known.remove(change.key());
        } else {
            known.put(change.key(), change.object());
        }
        consumer.accept(change);
    }

    @Override
    public void close() {
        Objects.@Nullable Watch open;
        synchronized (this) {
            closed = true;
            open = watch;
        }
        if (open != null) {
            open.close();
        }
    }
}
