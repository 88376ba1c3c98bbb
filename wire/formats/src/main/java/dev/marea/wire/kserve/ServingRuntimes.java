package dev.marea.wire.kserve;

import dev.marea.core.spec.ModelFormat;
import dev.marea.core.spec.Protocol;
import dev.marea.core.spec.ServingRuntime;
import dev.marea.core.spec.ServingRuntime.Format;
import dev.marea.wire.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads ServingRuntimes and ClusterServingRuntimes; their specs are the same. */
public final class ServingRuntimes {
    static final String API_VERSION = "serving.kserve.io/v1alpha1";
    public static final String NAMESPACED_KIND = "ServingRuntime";
    public static final String CLUSTER_KIND = "ClusterServingRuntime";

    /** Of ModelMesh: known, without effect here. */
    static final Map<String, String> IGNORED =
            Map.of(
                    "grpcEndpoint", "it is of ModelMesh, which is not served",
                    "grpcDataEndpoint", "it is of ModelMesh, which is not served",
                    "httpDataEndpoint", "it is of ModelMesh, which is not served",
                    "replicas", "it is of ModelMesh, which is not served",
                    "storageHelper", "it is of ModelMesh, which is not served",
                    "builtInAdapter", "it is of ModelMesh, which is not served");

    private static final Set<String> SIZES =
            Set.of("PIPELINE_PARALLEL_SIZE", "TENSOR_PARALLEL_SIZE");

    private ServingRuntimes() {}

    public static RuntimeManifest read(Json.Obj object) throws InvalidManifest {
        var problems = new Problems(Crds.servingRuntime());
        Crds.servingRuntime().check(object, "", problems);
        if (object.text("metadata", "name").filter(n -> !n.isEmpty()).isEmpty()) {
            problems.missing("metadata.name", "is missing; every runtime needs a name");
        }
        problems.refuseIfAny();
        var spec = object.object("spec");
        var formats = formats(spec);
        checkPriorities(formats, problems);
        checkContainers(spec, problems);
        problems.refuseIfAny();
        return new RuntimeManifest(runtime(object, spec, formats), spec, warnings(spec));
    }

    private static ServingRuntime runtime(Json.Obj object, Json.Obj spec, List<Format> formats) {
        return new ServingRuntime(
                object.text("metadata", "name").orElseThrow(),
                object.text("kind").filter(CLUSTER_KIND::equals).isPresent()
                        ? Optional.empty()
                        : Optional.of(object.text("metadata", "namespace").orElse("default")),
                spec.flag("disabled"),
                spec.flag("multiModel"),
                spec.has("workerSpec"),
                formats,
                protocols(spec),
                created(object));
    }

    private static List<Format> formats(Json.Obj spec) {
        var formats = new ArrayList<Format>();
        for (var format : spec.list("supportedModelFormats")) {
            var priority = format.integer("priority");
            formats.add(
                    new Format(
                            new ModelFormat(
                                    format.text("name").orElseThrow(), format.text("version")),
                            format.flag("autoSelect"),
                            priority.isPresent()
                                    ? OptionalInt.of((int) priority.getAsLong())
                                    : OptionalInt.empty()));
        }
        return formats;
    }

    private static Set<Protocol> protocols(Json.Obj spec) {
        var protocols = new LinkedHashSet<Protocol>();
        for (var protocol : spec.list("protocolVersions")) {
            if (protocol instanceof Json.Str(var name)) {
                Protocol.of(name).ifPresent(protocols::add);
            }
        }
        return protocols;
    }

    private static Instant created(Json.Obj object) {
        try {
            return object.text("metadata", "creationTimestamp")
                    .map(Instant::parse)
                    .orElse(Instant.EPOCH);
        } catch (DateTimeException _) {
            return Instant.EPOCH;
        }
    }

    /** A priority belongs to a format's name; two of them could not be compared with others. */
    private static void checkPriorities(List<Format> formats, Problems problems) {
        var seen = new HashMap<String, Integer>();
        for (int i = 0; i < formats.size(); i++) {
            var format = formats.get(i);
            if (!format.autoSelect() || format.priority().isEmpty()) {
                continue;
            }
            int priority = format.priority().getAsInt();
            var before = seen.putIfAbsent(format.format().name(), priority);
            if (before != null && before != priority) {
                problems.invalid(
                        "spec.supportedModelFormats[%d].priority".formatted(i),
                        "is %d, but another version of %s has %d; one format needs one priority in a runtime"
                                .formatted(priority, format.format().name(), before));
            }
        }
    }

    private static void checkContainers(Json.Obj spec, Problems problems) {
        var containers = spec.list("containers");
        boolean serves = false;
        for (int i = 0; i < containers.size(); i++) {
            var path = "spec.containers[" + i + "]";
            Environment.checkContainer(containers.get(i), path, problems);
            if (spec.has("workerSpec")) {
                checkSizes(containers.get(i), path, problems);
            }
            serves |=
                    containers
                            .get(i)
                            .text("name")
                            .filter(Implementations.CONTAINER::equals)
                            .isPresent();
        }
        if (!serves) {
            problems.invalid(
                    "spec.containers",
                    "none is called "
                            + Implementations.CONTAINER
                            + ", which is the one that serves the model");
        }
    }

    private static void checkSizes(Json container, String path, Problems problems) {
        var entries = container.list("env");
        for (int i = 0; i < entries.size(); i++) {
            var name = entries.get(i).text("name").orElse("");
            if (SIZES.contains(name)) {
                problems.forbidden(
                        "%s.env[%d].name".formatted(path, i),
                        name + " is set by workerSpec, not by the environment");
            }
        }
    }

    private static List<String> warnings(Json.Obj spec) {
        return spec.fields().keySet().stream()
                .filter(IGNORED::containsKey)
                .map(name -> "spec.%s has no effect: %s".formatted(name, IGNORED.get(name)))
                .toList();
    }
}
