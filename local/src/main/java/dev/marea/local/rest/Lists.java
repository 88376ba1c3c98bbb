package dev.marea.local.rest;

import dev.marea.local.api.ServedKind;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects.Listing;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.store.Store;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists in pages. All pages of a list show the same moment: snapshots are kept for those that
 * continue, a limited number of them; whoever comes too late gets 410 and starts anew.
 */
final class Lists {
    private static final int SNAPSHOTS_MAX = 64;
    private static final int LIMIT_MAX = 10_000;

    private record Moment(Resource resource, String namespace, long version) {}

    /**
     * One page.
     *
     * @param next where the following one begins, empty after the last
     */
    record Page(List<Json.Obj> items, long version, Optional<String> next, long remaining) {
        Json.Obj metadata(boolean counted) {
            var metadata = Json.Obj.of("resourceVersion", Long.toString(version));
            if (next.isEmpty()) {
                return metadata;
            }
            var continued = metadata.with("continue", Json.of(next.get()));
            return counted ? continued.with("remainingItemCount", Json.of(remaining)) : continued;
        }
    }

    private final Store store;
    private final Map<Moment, Listing> snapshots =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Moment, Listing> eldest) {
                    return size() > SNAPSHOTS_MAX;
                }
            };

    Lists(Store store) {
        this.store = store;
    }

    Page page(Request request, ServedKind kind, String namespace, Selection selector)
            throws Refusal {
        int limit = limit(request);
        var token = request.parameter("continue").filter(t -> !t.isEmpty());
        if (token.isPresent()) {
            var from = Position.parse(token.get());
            var listing = snapshot(new Moment(kind.resource(), namespace, from.version()));
            return cut(kind, namespace, listing, selector, limit, from.after());
        }
        return cut(kind, namespace, start(request, kind, namespace), selector, limit, "");
    }

    private static int limit(Request request) throws Refusal {
        var text = request.parameter("limit").orElse("0");
        if (!text.matches("\\d{1,9}")) {
            throw Refusal.badRequest("limit must be a number, was \"" + text + "\"");
        }
        return Math.min(Integer.parseInt(text), LIMIT_MAX);
    }

    private Listing start(Request request, ServedKind kind, String namespace) throws Refusal {
        var wanted = Versions.parse(request.parameter("resourceVersion"));
        var match = request.parameter("resourceVersionMatch").orElse("");
        if (!match.isEmpty() && wanted.isEmpty()) {
            throw Refusal.badRequest(
                    "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless"
                            + " resourceVersion is provided");
        }
        if (wanted.isPresent() && match.equals("Exact")) {
            return snapshot(new Moment(kind.resource(), namespace, wanted.getAsLong()));
        }
        var now = store.list(kind.resource(), namespace);
        if (wanted.isPresent() && wanted.getAsLong() > now.version()) {
            throw Versions.fromTheFuture(wanted.getAsLong(), now.version());
        }
        return now;
    }

    /** What the kind looked like at a version: kept, or still so. */
    private Listing snapshot(Moment moment) throws Refusal {
        synchronized (snapshots) {
            var kept = snapshots.get(moment);
            if (kept != null) {
                return kept;
            }
        }
        long lastChange = store.lastChange(moment.resource());
        var now = store.list(moment.resource(), moment.namespace());
        if (moment.version() > now.version()) {
            throw Versions.fromTheFuture(moment.version(), now.version());
        }
        if (lastChange <= moment.version() && store.lastChange(moment.resource()) == lastChange) {
            return new Listing(moment.version(), now.items());
        }
        throw Refusal.expired(
                "The provided continue parameter is too old to display a consistent list result."
                        + " You must start a new list without the continue parameter.");
    }

    private Page cut(
            ServedKind kind,
            String namespace,
            Listing listing,
            Selection selector,
            int limit,
            String after) {
        var items = new ArrayList<Json.Obj>();
        var all = listing.items();
        int at = after.isEmpty() ? 0 : firstAfter(all, after);
        for (; at < all.size() && (limit == 0 || items.size() < limit); at++) {
            if (selector.matches(all.get(at))) {
                items.add(all.get(at));
            }
        }
        if (at == all.size()) {
            return new Page(items, listing.version(), Optional.empty(), 0);
        }
        synchronized (snapshots) {
            snapshots.put(new Moment(kind.resource(), namespace, listing.version()), listing);
        }
        var next = new Position(listing.version(), place(all.get(at - 1)));
        return new Page(items, listing.version(), Optional.of(next.token()), all.size() - at);
    }

    private static int firstAfter(List<Json.Obj> all, String after) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (place(all.get(middle)).compareTo(after) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static String place(Json.Obj object) {
        var meta = new Meta(object);
        return meta.namespace() + "\0" + meta.name();
    }

    /** What a continue token says. */
    private record Position(long version, String after) {
        String token() {
            var json = Json.Obj.of("v", "meta.k8s.io/v1", "rv", version, "start", after);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(JsonWriter.bytes(json));
        }

        static Position parse(String token) throws Refusal {
            try {
                var json = JsonReader.read(Base64.getUrlDecoder().decode(token));
                long version = json.integer("rv").orElse(0);
                var after = json.text("start").orElse("");
                if (version > 0 && !after.isEmpty()) {
                    return new Position(version, after);
                }
            } catch (MalformedJson | IllegalArgumentException _) {
                // falls through to the one refusal of a token that is not ours
            }
            throw Refusal.badRequest("continue key is not valid");
        }
    }
}
