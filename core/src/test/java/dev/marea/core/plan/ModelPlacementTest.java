package dev.marea.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.ModelPlacement.Host;
import dev.marea.core.plan.ModelPlacement.Loads;
import dev.marea.core.plan.TrainedVerdict.Aspect;
import dev.marea.core.spec.ServiceId;
import dev.marea.core.spec.TrainedModel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelPlacementTest {
    private static final long MI = 1L << 20;
    private static final Host HOST =
            new Host("shop", true, true, Set.of("sklearn"), OptionalLong.of(1000 * MI));

    @Test
    void modelsAreTakenInTheOrderOfTheirBirthUntilMemoryIsFull() {
        var placed =
                decide(
                        Set.of(),
                        model("late", 3, 400),
                        model("early", 1, 600),
                        model("mid", 2, 500));
        assertThat(names(placed)).containsExactly("early", "late");
        assertThat(said(placed, "mid", Aspect.MEMORY_RESOURCE_AVAILABLE))
                .startsWith("False MemoryResourceNotAvailable needs 500 Mi, and 400 of the 1000 Mi")
                .contains("raise resources.limits.memory");
        assertThat(said(placed, "mid", Aspect.READY))
                .startsWith("False MemoryResourceNotAvailable");
        assertThat(said(placed, "late", Aspect.READY)).startsWith("True");
    }

    @Test
    void oneThatIsServedIsNotDrivenOutByAnOlderOneThatFitsNow() {
        var placed = decide(Set.of("young"), model("old", 1, 800), model("young", 2, 400));
        assertThat(names(placed)).containsExactly("young");
    }

    @Test
    void withoutALimitThereIsAlwaysRoom() {
        var host = new Host("shop", true, true, Set.of(), OptionalLong.empty());
        var placed =
                ModelPlacement.decide(
                        host,
                        List.of(model("a", 1, Long.MAX_VALUE / MI), model("b", 2, 1 << 20)),
                        Set.of(),
                        Map.of());
        assertThat(names(placed)).containsExactly("a", "b");
    }

    @Test
    void aPredictorOfOneModelTakesNone() {
        var host = new Host("shop", true, false, Set.of("sklearn"), OptionalLong.empty());
        var placed = ModelPlacement.decide(host, List.of(model("a", 1, 1)), Set.of(), Map.of());
        assertThat(placed.served()).isEmpty();
        assertThat(said(placed, "a", Aspect.READY))
                .startsWith("False IsNotMMSPredictor")
                .contains("multiModel: true");
    }

    @Test
    void aFrameworkThatTheRuntimeDoesNotLoadIsNotSentToIt() {
        var host = new Host("shop", true, true, Set.of("onnx", "lightgbm"), OptionalLong.empty());
        var placed = ModelPlacement.decide(host, List.of(model("a", 1, 1)), Set.of(), Map.of());
        assertThat(placed.served()).isEmpty();
        assertThat(said(placed, "a", Aspect.FRAMEWORK_SUPPORTED))
                .isEqualTo(
                        "False FrameworkNotSupported the runtime of shop loads lightgbm, onnx, not sklearn");
    }

    @Test
    void aServiceThatIsNotReadyIsGivenItsModelsAllTheSame() {
        var host = new Host("shop", false, true, Set.of(), OptionalLong.empty());
        var placed = ModelPlacement.decide(host, List.of(model("a", 1, 1)), Set.of(), Map.of());
        assertThat(names(placed)).containsExactly("a");
        assertThat(said(placed, "a", Aspect.READY)).startsWith("False InferenceServiceNotReady");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, '', True Ready", // nobody is heard: as in KServe
        "2, 0, '', Unknown Progressing",
        "2, 1, '', True Ready",
        "2, 1, no such file, False ModelLoadFailed no such file"
    })
    void readyIsWhatReplicasSay(int replicas, int loaded, String failure, String ready) {
        var loads =
                new Loads(replicas, loaded, Optional.of(failure).filter(text -> !text.isEmpty()));
        var placed =
                ModelPlacement.decide(
                        HOST, List.of(model("a", 1, 1)), Set.of(), Map.of("a", loads));
        assertThat(said(placed, "a", Aspect.READY)).startsWith(ready);
    }

    private static ModelPlacement decide(Set<String> before, TrainedModel... models) {
        return ModelPlacement.decide(HOST, List.of(models), before, Map.of());
    }

    private static List<String> names(ModelPlacement placed) {
        return placed.served().stream().map(TrainedModel::name).toList();
    }

    private static String said(ModelPlacement placed, String name, Aspect type) {
        return placed.verdicts().getOrDefault(name, List.of()).stream()
                .filter(v -> v.type() == type)
                .map(v ->
                        "%s %s %s"
                                .formatted(
                                        v.truth().wireName(), v.reason().wireName(), v.message()))
                .findFirst()
                .orElse("unsaid");
    }

    private static TrainedModel model(String name, long born, long memoryMi) {
        return new TrainedModel(
                new ServiceId("default", "shop"),
                name,
                1,
                Instant.ofEpochSecond(born),
                "file:///models/" + name,
                "sklearn",
                memoryMi * MI);
    }
}
