package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A ClusterStorageContainer: an administrator's own container that fetches what its URI formats
 * match. It is asked for a URI that we do not serve, or where a predictor names it.
 *
 * @param container as in a pod
 * @param several whether one run takes several pairs of URI and directory
 * @param job whether it is for caches of nodes, else it runs before a replica
 */
public record StorageContainer(
        String name,
        boolean disabled,
        Json.Obj container,
        List<Format> formats,
        boolean several,
        boolean job) {
    private static final int REGEX_MAX = 512;

    /** KServe ships one of this name for all that it can fetch, by an image of its own. */
    private static final String KSERVES = "default";

    private static final String JOB = "localModelDownloadJob";

    /** A prefix of URIs, or an expression that matches their beginning. */
    public sealed interface Format {
        record Prefix(String prefix) implements Format {}

        record Regex(Pattern pattern) implements Format {}

        default boolean takes(String uri) {
            return switch (this) {
                case Prefix(var prefix) -> uri.startsWith(prefix);
                case Regex(var pattern) -> pattern.matcher(uri).lookingAt();
            };
        }
    }

    public StorageContainer {
        formats = List.copyOf(formats);
    }

    public static StorageContainer read(Json.Obj object) throws InvalidManifest {
        var problems = new Problems(Crds.storageContainer());
        Crds.storageContainer().check(object, "", problems);
        problems.refuseIfAny();
        var spec = object.object("spec");
        var formats = formats(spec, problems);
        if (spec.text("container", "image").filter(i -> !i.isEmpty()).isEmpty()) {
            problems.missing("spec.container.image", "is missing; it fetches the models");
        }
        problems.refuseIfAny();
        return new StorageContainer(
                object.text("metadata", "name").orElse(""),
                object.flag("disabled"),
                spec.object("container"),
                formats,
                spec.flag("supportsMultiModelDownload"),
                spec.text("workloadType").filter(JOB::equals).isPresent());
    }

    private static List<Format> formats(Json.Obj spec, Problems problems) {
        var formats = new ArrayList<Format>();
        var listed = spec.list("supportedUriFormats");
        for (int i = 0; i < listed.size(); i++) {
            var at = "spec.supportedUriFormats[%d]".formatted(i);
            var prefix = listed.get(i).text("prefix").filter(p -> !p.isEmpty());
            var regex = listed.get(i).text("regex").filter(r -> !r.isEmpty());
            if (prefix.isPresent() == regex.isPresent()) {
                problems.invalid(at, "has prefix or regex, one of them");
            }
            prefix.map(Format.Prefix::new).ifPresent(formats::add);
            regex.flatMap(r -> compiled(r, at + ".regex", problems)).ifPresent(formats::add);
        }
        return formats;
    }

    private static Optional<Format> compiled(String regex, String at, Problems problems) {
        try {
            if (regex.length() <= REGEX_MAX) {
                return Optional.of(new Format.Regex(Pattern.compile(regex)));
            }
            problems.invalid(at, "is longer than " + REGEX_MAX + " characters");
        } catch (PatternSyntaxException bad) {
            problems.invalid(at, "is no regular expression: " + bad.getDescription());
        }
        return Optional.empty();
    }

    public boolean takes(String uri) {
        return !disabled && formats.stream().anyMatch(format -> format.takes(uri));
    }

    /**
     * The one that fetches a URI for a replica; empty: we do it ourselves, or nobody can.
     *
     * @param named by the predictor
     */
    public static Optional<StorageContainer> choose(
            Collection<StorageContainer> known, Optional<String> named, String uri) {
        if (named.isPresent()) {
            return known.stream()
                    .filter(c -> c.name.equals(named.get()) && !c.disabled)
                    .findFirst();
        }
        var ours = StorageScheme.of(uri) instanceof StorageScheme.Served;
        return known.stream()
                .filter(c -> !c.job && c.takes(uri))
                .filter(c -> !ours || !c.name.equals(KSERVES))
                .min(Comparator.comparing(StorageContainer::name));
    }
}
