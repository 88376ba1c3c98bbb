package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Workload;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.kserve.OwnImages;
import dev.marea.wire.text.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a revision is.
 *
 * @param template its pod template, without any revision's name
 * @param port where its main container takes requests
 * @param identity equal for what needs no new revision: it is made of what users have said, and
 *     neither Marea's version nor its own defaults and runtimes are part of it
 * @param asked a digest of the author's part alone
 * @param workers of a replica that stands on several nodes
 */
public record Rendered(
        Json.Obj template,
        int port,
        String identity,
        String asked,
        Optional<RuntimeTree> runtime,
        Optional<Workers> workers) {
    private static final int DIGEST_CHARACTERS = 32;

    /** Containers that we add, whatever the runtime. */
    private static final Set<String> OURS = Set.of(ModelMount.STEP, SharedRepository.AGENT);

    /** The pods that stand beside a replica's head on further nodes. */
    public record Workers(Json.Obj template, long replicas) {}

    /** Renders one component. */
    public static Rendered of(
            Subject subject,
            Workload workload,
            Json.Obj predictor,
            Optional<RuntimeTree> runtime,
            PodSettings settings,
            StorageMeans storage)
            throws Unrenderable {
        var pods = new PodTemplate(subject, settings, storage.containers());
        var said = pods.render(workload, predictor, runtime);
        var main = said.object("spec").list("containers").getFirst();
        var theirs = pods.render(workload, predictor, runtime.map(RuntimeTree::ofUsers));
        var shipped = runtime.filter(RuntimeTree::shipped).isPresent();
        var model = workload instanceof Workload.Model m ? m.storageUri().orElse("") : "";
        var basis =
                Json.Obj.of(
                        "template",
                        unversioned(theirs, settings.images(), shipped),
                        "model",
                        model,
                        "runtime",
                        runtime.map(RuntimeTree::name).orElse(""));
        var asks = ModelTrust.of(subject.annotations());
        var trust = settings.trust().and(asks);
        var access =
                new FetchAccess(subject.name(), storage.access(predictor), asks, trust, predictor);
        var fetches = !access.identity().isEmpty() && FetchAccess.isIn(said);
        basis = fetches ? basis.with("access", access.identity()) : basis;
        var defaults = new PodDefaults(settings, PodTemplate.isOurServer(main));
        var asked = digest(PodTemplate.ofPods(predictor));
        var port = PodTemplate.port(main);
        var group = WorkerGroup.of(predictor, runtime);
        if (group.isEmpty()) {
            var template = defaults.over(access.over(said));
            return new Rendered(template, port, digest(basis), asked, runtime, Optional.empty());
        }
        var head = defaults.over(group.get().head(said));
        var worker = defaults.over(pods.filled(workload, group.get().worker(subject, said)));
        return new Rendered(
                head,
                port,
                digest(basis.with("group", group.get().identity())),
                asked,
                runtime,
                Optional.of(new Workers(worker, group.get().workers())));
    }

    /** Whether its models are those that TrainedModels name. */
    public boolean shared() {
        return SharedRepository.isIn(template);
    }

    /** The formats that its runtime can load; none named: any. */
    public Set<String> frameworks() {
        return runtime.stream()
                .flatMap(r -> r.spec().list("supportedModelFormats").stream())
                .flatMap(format -> format.text("name").stream())
                .collect(Collectors.toSet());
    }

    /** The memory that its main container may take. */
    public OptionalLong memoryLimit() {
        return template.object("spec")
                .list("containers")
                .getFirst()
                .at("resources", "limits", "memory")
                .map(limit -> limit instanceof Json.Str(var text) ? text : limit.toString())
                .map(Quantity::units)
                .orElse(OptionalLong.empty());
    }

    private static Json unversioned(Json.Obj template, OwnImages images, boolean shipped) {
        var spec = template.object("spec");
        for (var list : java.util.List.of("containers", "initContainers")) {
            var containers = new ArrayList<Json>();
            for (var container : spec.list(list)) {
                containers.add(unversionedContainer(container, images, shipped));
            }
            spec = containers.isEmpty() ? spec : spec.with(list, new Json.Arr(containers));
        }
        return template.with("spec", spec);
    }

    private static Json unversionedContainer(Json container, OwnImages images, boolean shipped) {
        var image = container.text("image").orElse("");
        var step = container.text("name").filter(OURS::contains).isPresent();
        return container instanceof Json.Obj c
                        && image.endsWith(":" + images.version())
                        && (shipped || step)
                ? c.with("image", Json.of(images.withoutPrefix(PodTemplate.repository(image))))
                : container;
    }

    /** A digest of a tree that does not depend on the order of its fields. */
    public static String digest(Json tree) {
        try {
            var bytes =
                    MessageDigest.getInstance("SHA-256")
                            .digest(JsonWriter.text(sorted(tree)).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Json sorted(Json value) {
        return switch (value) {
            case Json.Obj(var fields) -> {
                var sorted = new LinkedHashMap<String, Json>();
                new TreeMap<>(fields).forEach((key, v) -> sorted.put(key, sorted(v)));
                yield new Json.Obj(sorted);
            }
            case Json.Arr(var items) -> new Json.Arr(items.stream().map(Rendered::sorted).toList());
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> value;
        };
    }
}
