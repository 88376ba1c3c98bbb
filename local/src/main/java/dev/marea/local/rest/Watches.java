package dev.marea.local.rest;

import dev.marea.local.api.ServedKind;
import dev.marea.local.objects.Change;
import dev.marea.local.objects.Refusal;
import dev.marea.local.store.Committed;
import dev.marea.local.store.Store;
import dev.marea.local.store.Subscription;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A watch: what is there, if asked for, then every change as a line of JSON. */
final class Watches {
    private static final Duration LONGEST = Duration.ofMinutes(60);
    private static final Duration BOOKMARK_EVERY = Duration.ofSeconds(30);
    private static final Duration BOOKMARK_BEFORE_END = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final int UNFLUSHED_MAX = 200;

    private final Store store;
    private final Views views;

    Watches(Store store, Views views) {
        this.store = store;
        this.views = views;
    }

    /** What one watcher asked for. */
    private record Wish(
            ServedKind kind,
            String namespace,
            Selection selector,
            Views.Form form,
            boolean bookmarks,
            Duration length) {
        boolean shows(Json.Obj object) {
            return (namespace.isEmpty()
                            || object.text("metadata", "namespace")
                                    .filter(namespace::equals)
                                    .isPresent())
                    && selector.matches(object);
        }
    }

    void watch(
            Request request, ServedKind kind, String namespace, Selection selector, Answers answers)
            throws IOException, InterruptedException, Refusal {
        boolean bookmarks = Flags.of(request, "allowWatchBookmarks");
        boolean initial = Flags.of(request, "sendInitialEvents");
        if (initial
                && request.parameter("resourceVersionMatch")
                        .filter("NotOlderThan"::equals)
                        .isEmpty()) {
            throw Refusal.badRequest(
                    "resourceVersionMatch: Required value: sendInitialEvents requires setting"
                            + " resourceVersionMatch to NotOlderThan");
        }
        var wish =
                new Wish(
                        kind,
                        namespace,
                        selector,
                        Views.Form.of(request),
                        bookmarks,
                        length(request));
        var asked = Versions.parse(request.parameter("resourceVersion"));
        boolean fromNow = initial || asked.orElse(0) == 0;
        try (var out = answers.response().stream(200, answers.headers("application/json"))) {
            out.flush();
            var line = new Line(wish, out);
            try {
                if (fromNow) {
                    fromNow(line, initial, answers);
                } else {
                    follow(
                            line,
                            store.watch(Optional.of(kind.resource()), asked.getAsLong()),
                            answers);
                }
            } catch (Refusal ended) {
                line.write("ERROR", ended.status());
                line.flush();
            }
        }
    }

    private static Duration length(Request request) throws Refusal {
        var text = request.parameter("timeoutSeconds").orElse("");
        if (text.isEmpty()) {
            return LONGEST;
        }
        if (!text.matches("\\d{1,9}")) {
            throw Refusal.badRequest("timeoutSeconds must be a number, was \"" + text + "\"");
        }
        var wanted = Duration.ofSeconds(Long.parseLong(text));
        return wanted.isZero() || wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
    }

    private void fromNow(Line line, boolean initial, Answers answers)
            throws IOException, InterruptedException, Refusal {
        var now = store.list(line.wish.kind().resource(), line.wish.namespace());
        var subscription = store.watch(Optional.of(line.wish.kind().resource()), now.version());
        for (var object : now.items()) {
            if (line.wish.shows(object)) {
                line.object("ADDED", object);
            }
        }
        if (initial && line.wish.bookmarks()) {
            line.bookmark(now.version(), true);
        }
        line.flush();
        follow(line, subscription, answers);
    }

    private void follow(Line line, Subscription subscription, Answers answers)
            throws IOException, InterruptedException, Refusal {
        long end = System.nanoTime() + line.wish.length().toNanos();
        long bookmark = nextBookmark(end);
        try (subscription) {
            while (System.nanoTime() < end && !answers.response().clientGone()) {
                long left = Math.max(0, end - System.nanoTime());
                var next =
                        subscription.next(
                                Duration.ofNanos(Math.min(lookWithin(line, bookmark), left)));
                for (int n = 0; next.isPresent() && n < UNFLUSHED_MAX; n++) {
                    line.change(next.get());
                    next = subscription.next(Duration.ZERO);
                }
                if (next.isPresent()) {
                    line.change(next.get());
                }
                if (line.wish.bookmarks() && System.nanoTime() > bookmark) {
                    line.bookmark(subscription.position(), false);
                    bookmark = nextBookmark(end);
                }
                line.flush();
                if (subscription.closed()) {
                    return;
                }
            }
        }
    }

    /** Now and then, and shortly before the end, so that the next watch begins where this stops. */
    private static long nextBookmark(long end) {
        long now = System.nanoTime();
        long last = end - BOOKMARK_BEFORE_END.toNanos();
        long regular = now + BOOKMARK_EVERY.toNanos();
        return last > now && last < regular ? last : regular;
    }

    private static long lookWithin(Line line, long bookmark) {
        long due =
                line.wish.bookmarks()
                        ? Math.max(1, bookmark - System.nanoTime() + 1)
                        : Long.MAX_VALUE;
        return Math.min(LOOK_EVERY.toNanos(), due);
    }

    /** Writes the frames of one watch. */
    private final class Line {
        private final Wish wish;
        private final OutputStream out;
        private boolean headed = true;
        private boolean unflushed;

        Line(Wish wish, OutputStream out) {
            this.wish = wish;
            this.out = out;
        }

        /** To a selector, a change may be an arrival or a departure. */
        void change(Committed committed) throws IOException {
            var change = committed.change();
            boolean shown = wish.shows(change.object());
            boolean was =
                    change.type() != Change.Type.ADDED
                            && committed.before().map(wish::shows).orElse(true);
            switch (change.type()) {
                case ADDED, MODIFIED -> {
                    if (shown) {
                        object(was ? "MODIFIED" : "ADDED", change.object());
                    } else if (was) {
                        object("DELETED", departed(committed));
                    }
                }
                case DELETED -> {
                    if (was || shown) {
                        object("DELETED", change.object());
                    }
                }
            }
        }

        /** The last state that the watcher could see, with the version of its departure. */
        private Json.Obj departed(Committed committed) {
            var version = Json.of(Long.toString(committed.change().version()));
            return committed
                    .before()
                    .orElse(committed.change().object())
                    .withAt(List.of("metadata", "resourceVersion"), version);
        }

        void object(String type, Json.Obj object) throws IOException {
            write(type, views.one(wish.kind(), object, wish.form(), headed));
            headed = false;
        }

        void bookmark(long version, boolean initialEnd) throws IOException {
            var metadata = Json.Obj.of("resourceVersion", Long.toString(version));
            if (initialEnd) {
                metadata =
                        metadata.with(
                                "annotations", Json.Obj.of("k8s.io/initial-events-end", "true"));
            }
            var object =
                    Json.Obj.of(
                            "kind",
                            wish.kind().resource().kind(),
                            "apiVersion",
                            wish.kind().resource().apiVersion(),
                            "metadata",
                            metadata);
            write("BOOKMARK", views.one(wish.kind(), object, wish.form(), headed));
        }

        void write(String type, Json object) throws IOException {
            out.write(JsonWriter.bytes(Json.Obj.of("type", type, "object", object)));
            out.write('\n');
            unflushed = true;
        }

        void flush() throws IOException {
            if (unflushed) {
                out.flush();
                unflushed = false;
            }
        }
    }
}
