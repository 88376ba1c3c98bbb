package dev.marea.local.rest;

import dev.marea.local.api.Catalog;
import dev.marea.local.api.ServedKind;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a path below {@code /api/v1} or {@code /apis/GROUP/VERSION} names. */
sealed interface Target {
    /**
     * @param namespace empty for all, and for kinds without
     */
    record Collection(ServedKind kind, String namespace) implements Target {}

    /**
     * @param subresource empty for the object itself
     */
    record Item(ServedKind kind, Key key, String subresource) implements Target {}

    /** A subresource name that keeps {@code namespaces/NAME/...} with the Namespace itself. */
    Set<String> OF_NAMESPACE = Set.of("status", "finalize");

    static Target parse(String path, Catalog catalog) throws Refusal {
        var parts = Arrays.asList(path.substring(1).split("/", -1));
        if (parts.getFirst().equals("api") && parts.size() > 2) {
            return parse(parts.get(1), parts.subList(2, parts.size()), catalog);
        }
        if (parts.getFirst().equals("apis") && parts.size() > 3) {
            var apiVersion = parts.get(1) + "/" + parts.get(2);
            return parse(apiVersion, parts.subList(3, parts.size()), catalog);
        }
        throw unknown();
    }

    private static Target parse(String apiVersion, List<String> rest, Catalog catalog)
            throws Refusal {
        boolean inNamespace = rest.getFirst().equals("namespaces") && rest.size() > 2;
        boolean ofNamespace = inNamespace && rest.size() == 3 && OF_NAMESPACE.contains(rest.get(2));
        if (!inNamespace || ofNamespace) {
            return of(apiVersion, "", rest, catalog);
        }
        return of(apiVersion, rest.get(1), rest.subList(2, rest.size()), catalog);
    }

    private static Target of(
            String apiVersion, String namespace, List<String> rest, Catalog catalog)
            throws Refusal {
        var kind =
                catalog.byPath(apiVersion, rest.getFirst())
                        .filter(k -> namespace.isEmpty() || k.resource().namespaced())
                        .orElseThrow(Target::unknown);
        if (rest.size() == 1) {
            return new Collection(kind, namespace);
        }
        if (rest.size() > 3
                || rest.get(1).isEmpty()
                || namespace.isEmpty() == kind.resource().namespaced()) {
            throw unknown();
        }
        return new Item(
                kind,
                new Key(kind.resource(), namespace, rest.get(1)),
                rest.size() == 3 ? rest.get(2) : "");
    }

    static Refusal unknown() {
        return new Refusal(
                404,
                "NotFound",
                "the server could not find the requested resource",
                Json.Obj.EMPTY);
    }
}
