package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import dev.marea.wire.text.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A LocalModelCache, or one of a namespace: a model that nodes keep before any service needs it.
 *
 * @param namespace whose services and Secrets it is for; empty for all
 * @param bytes that its files need on a node
 * @param groups whose nodes keep it
 * @param spec what the download may use, as it is written
 */
public record ModelCache(
        String name,
        Optional<String> namespace,
        String uri,
        long bytes,
        List<String> groups,
        Json.Obj spec) {
    public static final String NAMESPACED_KIND = "LocalModelNamespaceCache";
    private static final String URI = "spec.sourceModelUri";
    private static final String SIZE = "spec.modelSize";

    public ModelCache {
        groups = List.copyOf(groups);
    }

    public static ModelCache read(Json.Obj object) throws InvalidManifest {
        var problems = new Problems(Crds.modelCache());
        Crds.modelCache().check(object, "", problems);
        problems.refuseIfAny();
        var spec = object.object("spec");
        var uri = spec.text("sourceModelUri").orElse("");
        checkUri(uri, problems);
        var bytes = size(spec, "modelSize");
        if (bytes.isEmpty() || bytes.getAsLong() <= 0) {
            problems.invalid(SIZE, "must be an amount such as 4Gi");
        }
        problems.refuseIfAny();
        return new ModelCache(
                object.text("metadata", "name").orElse(""),
                object.text("kind").filter(NAMESPACED_KIND::equals).isPresent()
                        ? Optional.of(object.text("metadata", "namespace").orElse("default"))
                        : Optional.empty(),
                uri,
                bytes.orElse(0),
                spec.list("nodeGroups").stream()
                        .flatMap(g ->
                                g instanceof Json.Str(var text)
                                        ? Optional.of(text).stream()
                                        : Optional.<String>empty().stream())
                        .toList(),
                spec);
    }

    private static void checkUri(String uri, Problems problems) {
        switch (StorageScheme.of(uri)) {
            case StorageScheme.Served(var source) when !source.fetched() ->
                    problems.invalid(URI, "needs no cache: its files lie where pods mount them");
            case StorageScheme.Served _ -> {}
            case StorageScheme.KnownNotServed later -> problems.notSupported(URI, later.message());
            case StorageScheme.Foreign(_, var message) -> problems.invalid(URI, message);
            case StorageScheme.Refused(var message) -> problems.invalid(URI, message);
        }
    }

    static OptionalLong size(Json.Obj spec, String field) {
        return spec.at(field)
                .flatMap(value ->
                        switch (value) {
                            case Json.Str(var text) -> Optional.of(text);
                            case Json.Int(var number) -> Optional.of(Long.toString(number));
                            case Json.Obj _, Json.Arr _, Json.Dec _, Json.Bool _, Json.Null _ ->
                                    Optional.<String>empty();
                        })
                .map(Quantity::units)
                .orElse(OptionalLong.empty());
    }

    /** Whether a service's model is this one or lies below it. */
    public boolean serves(String serviceNamespace, String storageUri) {
        return namespace.filter(n -> !n.equals(serviceNamespace)).isEmpty()
                && (storageUri.equals(uri)
                        || storageUri.startsWith(uri.endsWith("/") ? uri : uri + "/"));
    }
}
