package dev.marea.wire.kserve;

import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Rollout;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Reads the {@code canary} block: a second version beside the predictor, merged over it. */
final class Canaries {
    private static final String PATH = "spec.predictor.canary";

    private Canaries() {}

    /**
     * @param trees the candidates' canonical predictor trees
     */
    record Read(Rollout.Beside rollout, List<Json.Obj> trees) {}

    static Optional<Read> read(
            Json.Obj object, Json.Obj stable, Problems problems, List<String> warnings) {
        if (!(object.at("spec", "predictor", "canary").orElse(Json.Null.VALUE)
                instanceof Json.Obj block)) {
            return Optional.empty();
        }
        var percent = object.integer("spec", "predictor", "canaryTrafficPercent");
        if (percent.isEmpty()) {
            problems.missing(
                    "spec.predictor.canaryTrafficPercent",
                    "is missing: a canary block needs its share of the traffic, 0 to 100");
            return Optional.empty();
        }
        var named = Implementations.named(block);
        if (block.isEmpty() || named.size() > 1) {
            problems.invalid(
                    PATH,
                    block.isEmpty()
                            ? "is empty; say what differs, for example model: {storageUri: ...}"
                            : "has " + String.join(" and ", named) + "; keep exactly one of them");
            return Optional.empty();
        }
        warnings.add(CanaryForms.blockWarning(block, percent.getAsLong()));
        var tree =
                Implementations.canonical(
                        merged(stable, Implementations.withModel(block, PATH, warnings)),
                        PATH,
                        problems,
                        warnings);
        var candidate = Predictors.read(object, tree, PATH, problems, new ArrayList<>());
        return Optional.of(
                new Read(
                        new Rollout.Beside(candidate, new Percent((int) percent.getAsLong())),
                        List.of(tree)));
    }

    /** The predictor with what the block says differently. */
    private static Json.Obj merged(Json.Obj stable, Json.Obj block) {
        var base = stable;
        for (var name : Shape.NOT_IN_CANARY) {
            base = base.without(name);
        }
        if (startsAnew(base, block)) {
            base = base.without("model").without("containers");
        } else if (otherFormat(base, block)) {
            base = base.with("model", withoutFormat(base.object("model")));
        }
        return merge(base, block);
    }

    /** A canary that runs a container instead of a model, or the reverse. */
    private static boolean startsAnew(Json.Obj stable, Json.Obj block) {
        boolean ownServer =
                block.list("containers").stream()
                        .anyMatch(c ->
                                c.text("name")
                                        .filter(Implementations.CONTAINER::equals)
                                        .isPresent());
        return stable.has("model") ? ownServer : block.has("model");
    }

    private static boolean otherFormat(Json.Obj stable, Json.Obj block) {
        var name = block.text("model", "modelFormat", "name");
        return name.isPresent() && !name.equals(stable.text("model", "modelFormat", "name"));
    }

    /** What was chosen for the stable model's format does not fit another one. */
    private static Json.Obj withoutFormat(Json.Obj model) {
        return model.without("modelFormat")
                .without("runtime")
                .without("runtimeVersion")
                .without("protocolVersion");
    }

    /** Objects merge by field, lists of named objects by name; everything else is replaced. */
    private static Json.Obj merge(Json.Obj under, Json.Obj over) {
        var fields = new LinkedHashMap<>(under.fields());
        over.fields().forEach((name, value) -> fields.merge(name, value, Canaries::mergeValue));
        return new Json.Obj(fields);
    }

    private static Json mergeValue(Json under, Json over) {
        if (under instanceof Json.Obj a && over instanceof Json.Obj b) {
            return merge(a, b);
        }
        return under instanceof Json.Arr(var a)
                        && over instanceof Json.Arr(var b)
                        && named(a)
                        && named(b)
                ? mergeNamed(a, b)
                : over;
    }

    /** A variable's {@code value} and {@code valueFrom} exclude each other. */
    private static Json mergeItem(Json under, Json over) {
        var base = under;
        if (base instanceof Json.Obj item) {
            item = over.at("valueFrom").isPresent() ? item.without("value") : item;
            base = over.at("value").isPresent() ? item.without("valueFrom") : item;
        }
        return mergeValue(base, over);
    }

    private static boolean named(List<Json> items) {
        return items.stream().allMatch(item -> item.text("name").isPresent());
    }

    private static Json mergeNamed(List<Json> under, List<Json> over) {
        var byName = new LinkedHashMap<String, Json>();
        under.forEach(item -> byName.put(item.text("name").orElseThrow(), item));
        over.forEach(
                item -> byName.merge(item.text("name").orElseThrow(), item, Canaries::mergeItem));
        return new Json.Arr(List.copyOf(byName.values()));
    }
}
