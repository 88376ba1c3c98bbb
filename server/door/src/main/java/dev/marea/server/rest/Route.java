package dev.marea.server.rest;

import java.util.Optional;

/** Where a method and a path lead. What no endpoint lists does not exist. */
sealed interface Route {
    /**
     * @param model empty where the endpoint is of no model
     */
    record To(Endpoint endpoint, String model, Optional<String> version) implements Route {}

    record WrongMethod(Endpoint endpoint) implements Route {}

    record Unknown(String path) implements Route {}

    String VERSIONS = "/versions/";

    static Route of(String method, String path) {
        var found = at(path);
        return found instanceof To(var endpoint, _, _) && !endpoint.takes(method)
                ? new WrongMethod(endpoint)
                : found;
    }

    private static Route at(String path) {
        boolean slash = path.length() > 1 && path.endsWith("/");
        var fixed = Endpoint.fixed(slash ? path.substring(0, path.length() - 1) : path);
        if (fixed != null) {
            return new To(fixed, "", Optional.empty());
        }
        for (var family : Endpoint.families()) {
            if (path.startsWith(family.prefix())) {
                return ofModel(path, family);
            }
        }
        return new Unknown(path);
    }

    /** Reads {@code name}, perhaps {@code /versions/v}, and the tail that names the endpoint. */
    private static Route ofModel(String path, Endpoint.Family family) {
        int from = family.prefix().length();
        int end = segmentEnd(path, from);
        Optional<String> version = Optional.empty();
        var name = path.substring(from, end);
        if (family.versioned() && path.startsWith(VERSIONS, end)) {
            int versionFrom = end + VERSIONS.length();
            end = segmentEnd(path, versionFrom);
            version = Optional.of(path.substring(versionFrom, end));
        }
        var tail = path.substring(end);
        var last = version.orElse(name);
        int colon = tail.isEmpty() ? last.lastIndexOf(':') : -1;
        if (colon >= 0) {
            tail = last.substring(colon);
            var plain = last.substring(0, colon);
            name = version.isPresent() ? name : plain;
            version = version.map(_ -> plain);
        }
        var endpoint = family.at(tail);
        boolean named = !name.isEmpty() && !version.equals(Optional.of(""));
        return endpoint == null || !named ? new Unknown(path) : new To(endpoint, name, version);
    }

    private static int segmentEnd(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }
}
