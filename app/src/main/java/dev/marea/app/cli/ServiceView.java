package dev.marea.app.cli;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.CanarySteps;
import dev.marea.wire.text.Nearest;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An InferenceService as the command line shows it. */
record ServiceView(Json.Obj tree) {
    String namespace() {
        return tree.text("metadata", "namespace").orElse("");
    }

    String name() {
        return tree.text("metadata", "name").orElse("");
    }

    String url() {
        return tree.text("status", "url").orElse("");
    }

    /** The path form, which needs no name resolution. */
    String address() {
        return tree.text("status", "address", "url").orElse("");
    }

    /** True for the generation that is stored now. */
    boolean ready() {
        return condition("Ready").flatMap(c -> c.text("status")).orElse("").equals("True")
                && tree.integer("status", "observedGeneration").orElse(-1)
                        == tree.integer("metadata", "generation").orElse(0);
    }

    Optional<Json> condition(String type) {
        return tree.list("status", "conditions").stream()
                .filter(c -> c.text("type").orElse("").equals(type))
                .findFirst();
    }

    /** Why it is not ready, in the words of its conditions; the most specific one first. */
    String why() {
        var loading = tree.text("status", "modelStatus", "lastFailureInfo", "message");
        if (loading.isPresent()) {
            return loading.get();
        }
        return List.of("PredictorReady", "IngressReady", "Ready").stream()
                .flatMap(type -> condition(type).stream())
                .filter(c -> !c.text("status").orElse("").equals("True"))
                .flatMap(c -> c.text("message").or(() -> c.text("reason")).stream())
                .findFirst()
                .orElse("its status has not been written yet");
    }

    List<Json> traffic() {
        return tree.list("status", "components", "predictor", "traffic");
    }

    boolean hasCanaryBlock() {
        return tree.at("spec", "predictor", "canary").isPresent()
                || !CanarySteps.names(tree).isEmpty();
    }

    /**
     * Which entry of {@code spec.canary} is meant; none where the manifest has no such list.
     *
     * @param asked its name; may be left out where there is only one
     */
    Optional<String> named(@Nullable String asked) throws Failure {
        var names = CanarySteps.names(tree);
        if (asked == null) {
            if (names.size() > 1) {
                throw new Failure(
                        "%s has several canaries: %s; say which one with --canary"
                                .formatted(name(), String.join(", ", names)));
            }
            return names.stream().findFirst();
        }
        if (!names.contains(asked)) {
            throw new Failure(
                    names.isEmpty()
                            ? name() + " has no named canaries; leave out --canary " + asked
                            : "%s has no canary %s%s; it has %s"
                                    .formatted(
                                            name(),
                                            asked,
                                            Nearest.of(asked, names)
                                                    .map(near -> ", did you mean " + near + "?")
                                                    .orElse(""),
                                            String.join(", ", names)));
        }
        return Optional.of(asked);
    }

    /** True if the manifest asks for a split in either form. */
    boolean hasCanary() {
        return hasCanaryBlock() || tree.at("spec", "predictor", "canaryTrafficPercent").isPresent();
    }

    /** True if no other revision can take traffic: nothing to split with, nothing to return to. */
    boolean oneRevision() {
        var created = revision("latestCreatedRevision");
        return !hasCanaryBlock()
                && revision("previousRolledoutRevision").isEmpty()
                && created.equals(revision("latestRolledoutRevision"));
    }

    private Optional<String> revision(String which) {
        return tree.text("status", "components", "predictor", which);
    }

    String age(Instant now) {
        try {
            var age =
                    Duration.between(
                            Instant.parse(tree.text("metadata", "creationTimestamp").orElse("")),
                            now);
            return age.toDays() > 2
                    ? age.toDays() + "d"
                    : age.toHours() > 2
                            ? age.toHours() + "h"
                            : age.toMinutes() > 2
                                    ? age.toMinutes() + "m"
                                    : Math.max(0, age.toSeconds()) + "s";
        } catch (DateTimeParseException none) {
            return "";
        }
    }
}
