package dev.marea.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.Autoscaling.Scaler;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InferenceServices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around a service's Deployments, against files that a person has read. */
class AroundGoldenTest {
    private static final String REVISION = "iris-predictor-00001";

    @ParameterizedTest
    @ValueSource(strings = {"around-hpa", "around-keda", "around-plain"})
    void aManifestIsSurroundedByThese(String name) throws Exception {
        var made = around(Manifests.tree(Manifests.text(name)));
        var directory = Optional.ofNullable(System.getProperty("marea.golden"));
        if (directory.isPresent()) {
            GoldenTest.write(Path.of(directory.get(), name + ".objects.yaml"), made);
        }
        assertThat(made)
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(Manifests.trees(Manifests.text(name + ".objects")));
    }

    private static List<Json.Obj> around(Json.Obj tree) throws Exception {
        var manifest = InferenceServices.read(tree);
        var component = manifest.service().predictor();
        var subject = Subject.of(tree);
        var template = Manifests.render(tree, "0.1.0").template();
        var made = new ArrayList<Json.Obj>();
        var predictor = manifest.predictor();
        switch (component.autoscaling().scaler()) {
            case HPA -> made.add(HorizontalAutoscaler.of(subject, REVISION, component, predictor));
            case KEDA -> made.add(ScaledObject.of(subject, REVISION, component, predictor));
            case MAREA, EXTERNAL, NONE -> {}
        }
        DisruptionBudget.of(subject, component).ifPresent(made::add);
        made.add(NetworkPolicy.of(subject, new NetworkSettings("marea-system"), List.of(template)));
        PodMonitor.of(subject, template).ifPresent(made::add);
        return made;
    }

    @ParameterizedTest(name = "minReplicas {0}, asked {1}: {2}")
    @CsvSource({
        "1, '', none", // a drain must get past a single replica
        "2, '', 1",
        "2, none, none",
        "1, 1, 1",
        "3, 50%, 50%",
    })
    void aBudgetNeverBlocksADrain(int min, String asked, String budget) throws Exception {
        var tree =
                Manifests.tree(Manifests.text("around-plain"))
                        .withAt(List.of("spec", "predictor", "minReplicas"), Json.of(min));
        var annotated =
                asked.isEmpty()
                        ? tree
                        : tree.withAt(
                                List.of("metadata", "annotations", Names.DISRUPTION_BUDGET),
                                Json.of(asked));
        var component = InferenceServices.read(annotated).service().predictor();
        assertThat(
                        DisruptionBudget.of(Subject.of(annotated), component)
                                .flatMap(b -> b.at("spec", "maxUnavailable"))
                                .map(v -> v instanceof Json.Str(var text) ? text : v.toString())
                                .orElse("none"))
                .isEqualTo(budget);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "Utilization, cpu, averageUtilization=50",
        "AverageValue, memory, averageValue=50Mi",
        "AverageValue, cpu, averageValue=50",
    })
    void aTargetIsMeantAsItsTypeSays(String type, String metric, String target) throws Exception {
        var tree =
                Manifests.tree(Manifests.text("around-plain"))
                        .withAt(List.of("spec", "predictor", "scaleMetric"), Json.of(metric))
                        .withAt(List.of("spec", "predictor", "scaleMetricType"), Json.of(type));
        var manifest = InferenceServices.read(tree);
        assertThat(manifest.service().predictor().autoscaling().scaler()).isEqualTo(Scaler.HPA);
        var found =
                HorizontalAutoscaler.of(
                                Subject.of(tree),
                                REVISION,
                                manifest.service().predictor(),
                                manifest.predictor())
                        .list("spec", "metrics")
                        .getFirst()
                        .object("resource", "target");
        var pair = target.split("=", 2);
        assertThat(found.at(pair[0]).map(v -> v instanceof Json.Str(var t) ? t : v.toString()))
                .contains(pair[1]);
    }

    @Test
    void whoWantsNoMonitorHasNone() throws Exception {
        var tree =
                Manifests.tree(Manifests.text("around-plain"))
                        .withAt(
                                List.of(
                                        "metadata",
                                        "annotations",
                                        "serving.kserve.io/enable-prometheus-scraping"),
                                Json.of("false"));
        var template = Manifests.render(tree, "0.1.0").template();
        assertThat(PodMonitor.of(Subject.of(tree), template)).isEmpty();
    }
}
