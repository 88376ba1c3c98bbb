package dev.marea.storage.credentials;

import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a fetch may use to be let in, in the order in which it is looked for: the storage spec's
 * entry, the mounted Secrets, the environment.
 */
public record Access(List<Source> secrets, Source environment, Optional<StorageSpec> spec) {
    public static final Access NONE =
            new Access(List.of(), Source.environment(Map.of()), Optional.empty());

    public Access {
        secrets = List.copyOf(secrets);
    }

    /** What the environment gives, and the Secrets where it says that they are. */
    public static Access read(Map<String, String> environment) throws IOException {
        var places = Secrets.places(environment.getOrDefault(FetchTerms.SECRETS, ""));
        var told = FetchTerms.Told.read(environment.getOrDefault(FetchTerms.TOLD, "{}"));
        var spec =
                StorageSpec.read(
                        Secrets.storageConfig(places),
                        environment.getOrDefault(FetchTerms.KEY, ""),
                        environment.getOrDefault(FetchTerms.PARAMETERS, ""));
        var sources = new ArrayList<Source>();
        spec.map(StorageSpec::source).ifPresent(sources::add);
        sources.addAll(Secrets.read(places, told));
        if (!told.account().isEmpty()) {
            sources.add(
                    new Source(
                            Source.Kind.SECRET,
                            "the ServiceAccount's annotations",
                            Map.of(),
                            told.account()));
        }
        return new Access(sources, Source.environment(environment), spec);
    }

    /** The URI with what storage-config says put in. */
    public String resolve(String uri) throws IOException {
        if (!uri.startsWith(FetchTerms.SPEC_SCHEME)) {
            return uri;
        }
        return spec.orElseThrow(() ->
                        new IOException(
                                "storage.key names an entry of Secret storage-config, and none is mounted"))
                .resolve(uri);
    }

    /** In the order in which they are asked. */
    public List<Source> sources() {
        var all = new ArrayList<>(secrets);
        all.add(environment);
        return List.copyOf(all);
    }

    /** The first source that has every one of the names. */
    public Optional<Source> holding(String... names) {
        return sources().stream().filter(source -> source.has(names)).findFirst();
    }

    public Optional<Sensitive> first(String... names) {
        return sources().stream().flatMap(source -> source.first(names).stream()).findFirst();
    }

    /** What the administrator says, and no tenant can. */
    public Optional<String> administrators(String... names) {
        return environment.first(names).map(value -> value.reveal().strip());
    }

    /** For messages of a store that wanted more than it got. */
    public String advice(String keys) {
        if (secrets.isEmpty()) {
            return "no Secret is attached: make one with "
                    + keys
                    + " and name it in the annotation serving.kserve.io/storageSecretName or on the ServiceAccount";
        }
        var names = secrets.stream().map(Source::name).toList();
        return "fix " + keys + " in " + String.join(" or ", names);
    }
}
