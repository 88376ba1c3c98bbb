package dev.marea.wire.kserve;

import dev.marea.core.spec.Autoscaling.Scaler;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Scale;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads {@code spec.canary}, KServe's list of named versions. Each has a whole predictor, and takes
 * nothing from the stable one but how it is scaled.
 */
final class NamedCanaries {
    static final String PATH = "spec.canary";
    private static final int CANARIES_MAX = 10;

    /** As in KServe: a canary is scaled as its service is, in proportion to its share. */
    private static final Set<String> OF_THE_SERVICE =
            Set.of(
                    "maxReplicas",
                    "scaleTarget",
                    "scaleMetric",
                    "scaleMetricType",
                    "autoScaling",
                    "deploymentStrategy");

    /** Tags that are no canary's. */
    private static final Set<String> TAGS = Set.of("latest", "prev");

    private static final Schema SHARE =
            new Schema(Json.Obj.of("type", "integer", "minimum", 0, "maximum", 100));

    private NamedCanaries() {}

    // --- shape

    /** What can be told from names and types alone. */
    static void checkShape(Json list, Problems problems) {
        if (!(list instanceof Json.Arr(var entries))) {
            problems.forbidden(PATH, CanaryForms.V1ALPHA2);
            return;
        }
        if (entries.size() > CANARIES_MAX) {
            problems.invalid(
                    PATH,
                    "has %d entries, at most %d are taken".formatted(entries.size(), CANARIES_MAX));
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            var path = "%s[%d]".formatted(PATH, i);
            if (entries.get(i) instanceof Json.Obj entry) {
                checkEntry(entry, path, problems);
            } else {
                problems.wrongType(path, "must be an object with predictor, trafficPercent");
            }
        }
    }

    private static void checkEntry(Json.Obj entry, String path, Problems problems) {
        var known = List.of("predictor", "trafficPercent");
        entry.fields().keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> problems.unknown(path + "." + name, name, known));
        entry.at("trafficPercent")
                .ifPresentOrElse(
                        share -> SHARE.check(share, path + ".trafficPercent", problems),
                        () ->
                                problems.missing(
                                        path + ".trafficPercent",
                                        "is missing: a canary needs its share of the traffic, 0 to 100"));
        switch (entry.at("predictor").orElse(Json.Null.VALUE)) {
            case Json.Obj predictor -> checkPredictor(predictor, path + ".predictor", problems);
            case Json.Null() ->
                    problems.missing(
                            path + ".predictor", "is missing: give name, and model or containers");
            case Json other ->
                    problems.wrongType(
                            path + ".predictor", "must be an object, was " + Schema.was(other));
        }
    }

    private static void checkPredictor(Json.Obj predictor, String path, Problems problems) {
        var rest = predictor;
        for (var field : OF_THE_SERVICE) {
            if (predictor.has(field)) {
                problems.forbidden(
                        path + "." + field,
                        "is the same for all versions of a service and has one place: spec.predictor."
                                + field);
            }
            rest = rest.without(field);
        }
        if (predictor.has("workerSpec")) {
            problems.forbidden(
                    path + ".workerSpec",
                    "a canary runs on one node; give the predictor itself another workerSpec");
            rest = rest.without("workerSpec");
        }
        for (var field : List.of("canary", "canaryTrafficPercent")) {
            if (predictor.has(field)) {
                problems.forbidden(
                        path + "." + field,
                        "a canary has none of its own; add an entry to spec.canary");
            }
            rest = rest.without(field);
        }
        Crds.inferenceService().at("spec", "predictor").check(rest, path, problems);
    }

    // --- reading

    /** The same list, read; empty where there is none or something is wrong with it. */
    static Optional<Canaries.Read> read(
            Json.Obj object, Component stable, Problems problems, List<String> warnings) {
        var entries = object.list("spec", "canary");
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        checkAlone(object, problems);
        checkSum(entries, problems);
        checkNames(object, entries, problems);
        var candidates = new ArrayList<Rollout.Candidate>();
        var trees = new ArrayList<Json.Obj>();
        for (int i = 0; i < entries.size(); i++) {
            var path = "%s[%d].predictor".formatted(PATH, i);
            var predictor = entries.get(i).object("predictor");
            var tree = Implementations.canonical(predictor, path, problems, warnings);
            var own = Predictors.read(object, tree, path, problems, new ArrayList<>());
            var share = (int) entries.get(i).integer("trafficPercent").orElse(0);
            if (problems.none()) {
                trees.add(tree);
                candidates.add(
                        new Rollout.Candidate(
                                predictor.text("name"),
                                scaled(own, stable, predictor, new Percent(share), path, problems),
                                new Percent(share)));
            }
        }
        return problems.none()
                ? Optional.of(new Canaries.Read(new Rollout.Beside(candidates), trees))
                : Optional.empty();
    }

    private static void checkAlone(Json.Obj object, Problems problems) {
        for (var other : List.of("canary", "canaryTrafficPercent")) {
            if (object.at("spec", "predictor", other).isPresent()) {
                problems.forbidden(
                        "spec.predictor." + other,
                        "says the same as spec.canary in another form; keep one of them");
            }
        }
    }

    private static void checkSum(List<Json> entries, Problems problems) {
        long sum = entries.stream().mapToLong(e -> e.integer("trafficPercent").orElse(0)).sum();
        if (sum > 100) {
            problems.invalid(
                    PATH,
                    "the shares add up to %d percent, at most 100 can be given".formatted(sum));
        }
    }

    private static void checkNames(Json.Obj object, List<Json> entries, Problems problems) {
        var taken = new HashSet<String>();
        object.text("spec", "predictor", "name").ifPresent(taken::add);
        for (int i = 0; i < entries.size(); i++) {
            var path = "%s[%d].predictor.name".formatted(PATH, i);
            var name = entries.get(i).text("predictor", "name").orElse("");
            if (name.isEmpty()) {
                problems.missing(path, "is missing: it tells a canary from the other versions");
            } else if (!taken.add(name)) {
                problems.invalid(path, "\"" + name + "\" is the name of another version already");
            } else if (TAGS.contains(name)) {
                problems.invalid(path, "\"" + name + "\" is what requests call revisions by");
            } else {
                Names.checkVersion(object, name, path, problems);
            }
        }
    }

    /** A canary has its part of the replicas, and is scaled by ours where others scale the rest. */
    private static Component scaled(
            Component own,
            Component stable,
            Json.Obj predictor,
            Percent share,
            String path,
            Problems problems) {
        var part = stable.scale().part(share);
        int min = (int) predictor.integer("minReplicas").orElse(part.min());
        if (predictor.has("minReplicas") && min > stable.scale().min()) {
            problems.invalid(
                    path + ".minReplicas",
                    "is %d and more than the stable version's, which is %d"
                            .formatted(min, stable.scale().min()));
            min = part.min();
        }
        boolean ours = stable.autoscaling().scaler() == Scaler.MAREA;
        return new Component(
                own.workload(),
                new Scale(min, ours ? stable.scale().max() : Math.max(1, min)),
                stable.autoscaling().by(Scaler.MAREA),
                own.containerConcurrency(),
                own.timeout());
    }

    /** The entries by name; for the edits that end a canary. */
    static Stream<Json.Obj> entries(Json.Obj service) {
        return service.list("spec", "canary").stream()
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast);
    }
}
