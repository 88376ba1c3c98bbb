package dev.marea.core.route;

import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.ServiceId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A route table made ready for look-ups: by the path {@code /serving/{namespace}/{name}/...}, else
 * by host, else, for language models, by the path {@code /{namespace}/{name}/v1/...}. Hosts match
 * whatever their case and port.
 */
public final class RouteIndex {
    /** What stands before the namespace in the path form of a service's address. */
    public static final String PREFIX = "/serving/";

    /** What may stand before a language model's API, and says nothing. */
    private static final String OPENAI = "/openai";

    public static final RouteIndex EMPTY = of(RouteTable.EMPTY);

    /** What a request's host and path lead to. */
    public sealed interface Match {
        /**
         * A service.
         *
         * @param target what the model is asked for: path and query without the service's prefix
         * @param tag of the revision that the host names
         */
        record Found(Route route, String target, Optional<String> tag) implements Match {
            public Found(Route route, String target) {
                this(route, target, Optional.empty());
            }
        }

        /** The path names a service that does not exist. */
        record NoSuchPath(String namespace, String name) implements Match {}

        /** No service has this host; the platform itself may answer. */
        record NoSuchHost(String host) implements Match {}
    }

    private final Map<String, Route> byHost;
    private final Map<String, Tagged> byTag;
    private final Map<String, Map<String, Route>> byPath;
    private final ModelNames models;

    /** The host {@code tag-host} of a service whose revisions have tags. */
    private record Tagged(Route route, Optional<String> tag) {}

    private RouteIndex(
            Map<String, Route> byHost,
            Map<String, Tagged> byTag,
            Map<String, Map<String, Route>> byPath,
            ModelNames models) {
        this.models = models;
        this.byHost = byHost;
        this.byTag = byTag;
        this.byPath = byPath;
    }

    /** Of two services that claim one host the first in the table keeps it. */
    public static RouteIndex of(RouteTable table) {
        var byHost = new HashMap<String, Route>();
        var byTag = new HashMap<String, Tagged>();
        var byPath = new HashMap<String, Map<String, Route>>();
        for (var route : table.routes()) {
            ServiceId id = route.service();
            byPath.computeIfAbsent(id.namespace(), _ -> new HashMap<>()).put(id.name(), route);
            for (var host : route.hosts()) {
                byHost.putIfAbsent(bareHost(host), route);
            }
            addTags(route, byTag);
        }
        return new RouteIndex(byHost, byTag, byPath, ModelNames.of(table));
    }

    public ModelNames models() {
        return models;
    }

    private static void addTags(Route route, Map<String, Tagged> byTag) {
        for (var revision : route.revisions()) {
            for (var tag : revision.tags()) {
                var tagged = new Tagged(route, Optional.of(tag));
                for (var host : route.hosts()) {
                    byTag.putIfAbsent(tag + "-" + bareHost(host), tagged);
                }
            }
        }
    }

    /**
     * Finds the service for a request. A service's own host wins over another one's tag.
     *
     * @param host as in the Host header, possibly with a port, possibly empty
     * @param target path and query as received; the path is already free of dot segments
     */
    public Match find(String host, String target) {
        if (target.startsWith(PREFIX)) {
            return findByPath(target);
        }
        String bare = bareHost(host);
        Route route = byHost.get(bare);
        return route == null
                ? findByTag(bare, target)
                : new Match.Found(route, inService(route, target));
    }

    /** A language model's API stands under /v1, also where clients say /openai/v1. */
    private static String inService(Route route, String target) {
        boolean prefixed = target.startsWith(OPENAI + "/v1");
        return prefixed && route.isLanguageModel() ? target.substring(OPENAI.length()) : target;
    }

    private Match findByTag(String host, String target) {
        Tagged tagged = byTag.get(host);
        return tagged == null
                ? findLanguageModel(host, target)
                : new Match.Found(tagged.route(), inService(tagged.route(), target), tagged.tag());
    }

    private Match findLanguageModel(String host, String target) {
        int pathEnd = endOfPath(target);
        int namespaceEnd = endOfSegment(target, 1, pathEnd);
        int nameEnd = endOfSegment(target, Math.min(namespaceEnd + 1, pathEnd), pathEnd);
        var rest = target.substring(nameEnd);
        if (nameEnd > namespaceEnd
                && (rest.startsWith("/v1/") || rest.startsWith(OPENAI + "/v1/"))) {
            var namespace = target.substring(1, namespaceEnd);
            var route =
                    byPath.getOrDefault(namespace, Map.of())
                            .get(target.substring(namespaceEnd + 1, nameEnd));
            if (route != null && route.isLanguageModel()) {
                return new Match.Found(route, inService(route, rest));
            }
        }
        return new Match.NoSuchHost(host);
    }

    private Match findByPath(String target) {
        int pathEnd = endOfPath(target);
        int namespaceEnd = endOfSegment(target, PREFIX.length(), pathEnd);
        String namespace = target.substring(PREFIX.length(), namespaceEnd);
        int nameStart = Math.min(namespaceEnd + 1, pathEnd);
        int nameEnd = endOfSegment(target, nameStart, pathEnd);
        String name = target.substring(nameStart, nameEnd);
        Route route = byPath.getOrDefault(namespace, Map.of()).get(name);
        if (route == null) {
            return new Match.NoSuchPath(namespace, name);
        }
        String rest = target.substring(nameEnd);
        return new Match.Found(route, inService(route, rest.startsWith("/") ? rest : "/" + rest));
    }

    /** Lower case, without port and without the dot that ends a full name. */
    static String bareHost(String host) {
        int end = host.length();
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && host.indexOf(']', colon) < 0) {
            end = colon;
        }
        if (end > 0 && host.charAt(end - 1) == '.') {
            end--;
        }
        return lower(host.substring(0, end));
    }

    private static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c >= 'A' && c <= 'Z') || c > 127) {
                return text.toLowerCase(Locale.ROOT);
            }
        }
        return text;
    }

    private static int endOfPath(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target.length() : query;
    }

    private static int endOfSegment(String target, int from, int limit) {
        int slash = target.indexOf('/', from);
        return slash < 0 || slash > limit ? limit : slash;
    }
}
