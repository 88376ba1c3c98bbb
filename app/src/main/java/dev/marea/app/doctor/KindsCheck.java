package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Crds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether our kinds are served, in our form or in KServe's. */
final class KindsCheck implements Doctor.Check {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/";
    private static final String INSTALL = "install Marea's: `helm upgrade --install marea ...`";

    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        var findings = new ArrayList<Finding>();
        var good = new ArrayList<String>();
        for (var ours : Crds.all()) {
            var plural = ours.text("spec", "names", "plural").orElseThrow();
            var live = cluster.read(CRDS + ours.text("metadata", "name").orElseThrow());
            judged(plural, ours, live).ifPresentOrElse(findings::add, () -> good.add(plural));
        }
        if (!good.isEmpty()) {
            findings.addFirst(Finding.ok("kinds", "served: " + String.join(", ", good)));
        }
        return findings;
    }

    private static Optional<Finding> judged(String plural, Json.Obj ours, Optional<Json.Obj> live) {
        if (live.isEmpty()) {
            return Optional.of(Finding.fail("kinds", plural + " are not served", INSTALL));
        }
        var version = ours.list("spec", "versions").getFirst().text("name").orElseThrow();
        var served =
                live.get().list("spec", "versions").stream()
                        .anyMatch(v ->
                                v.flag("served")
                                        && v.text("name").filter(version::equals).isPresent());
        if (!served) {
            return Optional.of(
                    Finding.fail("kinds", plural + " are not served in " + version, INSTALL));
        }
        if (!established(live.get())) {
            return Optional.of(
                    Finding.fail(
                            "kinds",
                            plural + " are defined and not established",
                            "see the conditions of `kubectl get crd -o yaml`; often another definition has the same names"));
        }
        return kserves(live.get())
                ? Optional.of(
                        Finding.warn(
                                "kinds",
                                plural + " have KServe's definition",
                                "it drops what only Marea has, predictor.canary among it; where KServe is not needed any more, "
                                        + INSTALL))
                : Optional.empty();
    }

    private static boolean established(Json.Obj crd) {
        var conditions = crd.list("status", "conditions");
        return conditions.isEmpty()
                || conditions.stream()
                        .anyMatch(c ->
                                c.text("type").filter("Established"::equals).isPresent()
                                        && c.text("status").filter("True"::equals).isPresent());
    }

    /** KServe's are generated, and the generator leaves its mark. */
    private static boolean kserves(Json.Obj crd) {
        return crd.at("metadata", "annotations", "controller-gen.kubebuilder.io/version")
                .isPresent();
    }
}
