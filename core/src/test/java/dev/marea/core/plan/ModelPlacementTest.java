package dev.marea.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.ModelPlacement.Placed;
import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.plan.TrainedModelStatus.ConditionType;
import dev.marea.core.spec.Memory;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.TrainedModel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelPlacementTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Optional<Memory> A_GIGABYTE = Optional.of(memory(1024));

    @Test
    void aModelWithRoomIsListedAndReadyAndKnowsWhereItIsAsked() {
        var placed = place(room(A_GIGABYTE), model("a", 0, 512)).getFirst();
        assertThat(placed.listed()).isTrue();
        assertThat(truth(placed, ConditionType.READY)).isEqualTo(Truth.TRUE);
        assertThat(placed.status().url()).contains("http://many.x/v1/models/a:predict");
        assertThat(placed.status().address()).contains("http://in/many/v1/models/a:predict");
        assertThat(placed.status().observedGeneration()).isEqualTo(7);
    }

    @Test
    void aServiceOfV2IsAskedByThePathsOfV2() {
        var host =
                new ModelHost.Present(
                        "many",
                        Optional.empty(),
                        Optional.of("http://many.x"),
                        Optional.empty(),
                        true,
                        Optional.of(roomFor(A_GIGABYTE)));
        assertThat(place(host, model("a", 0, 1)).getFirst().status().url())
                .contains("http://many.x/v2/models/a/infer");
    }

    @Test
    void memoryIsGivenByAgeAndASmallerOneMayStillFit() {
        var placed =
                place(
                        room(A_GIGABYTE),
                        model("young", 3, 100),
                        model("large", 2, 600),
                        model("old", 1, 600));
        assertThat(placed)
                .extracting(p -> p.model().name())
                .containsExactly("old", "large", "young");
        assertThat(placed).extracting(Placed::listed).containsExactly(true, false, true);
        var large = placed.get(1).status().condition(ConditionType.READY);
        assertThat(large.reason()).isEqualTo(Reason.MEMORY_RESOURCE_NOT_AVAILABLE);
        assertThat(large.message())
                .startsWith(
                        "it asks for 600Mi; many has 1024Mi, of which 600 MiB are given to 1 older models");
    }

    @Test
    void allOfTheMemoryMayBeGivenAndNotAByteMore() {
        assertThat(place(room(A_GIGABYTE), model("a", 0, 512), model("b", 1, 512)))
                .allMatch(Placed::listed);
        assertThat(place(room(A_GIGABYTE), model("a", 0, 513), model("b", 1, 512)).getLast())
                .matches(p -> !p.listed());
    }

    @Test
    void withoutALimitNothingIsCounted() {
        assertThat(place(room(Optional.empty()), model("a", 0, 1 << 20), model("b", 1, 1 << 20)))
                .allMatch(Placed::listed);
    }

    @Test
    void aFormatThatNobodyReadsIsNotListedAndTakesNoRoom() {
        var odd = new TrainedModel("ns", "odd", 1, "many", "/m", "paddle", memory(1024), START);
        var placed = place(room(A_GIGABYTE), odd, model("b", 1, 1024));
        assertThat(placed).extracting(Placed::listed).containsExactly(false, true);
        var why = placed.getFirst().status().condition(ConditionType.READY);
        assertThat(why.reason()).isEqualTo(Reason.FRAMEWORK_NOT_SUPPORTED);
        assertThat(why.message()).isEqualTo("runtime multi serves onnx, sklearn, not paddle");
    }

    @Test
    void aServiceThatIsNotReadyStillListsItsModelsSoThatItsReplicasStartWithThem() {
        var host = present(Optional.of("starting"), Optional.of(roomFor(A_GIGABYTE)));
        var placed = place(host, model("a", 0, 1)).getFirst();
        assertThat(placed.listed()).isTrue();
        var why = placed.status().condition(ConditionType.READY);
        assertThat(why.truth()).isEqualTo(Truth.FALSE);
        assertThat(why.reason()).isEqualTo(Reason.INFERENCE_SERVICE_NOT_READY);
        assertThat(why.message()).isEqualTo("many is not ready: starting");
    }

    @Test
    void aServiceOfOneModelTakesNoOther() {
        var placed =
                place(present(Optional.empty(), Optional.empty()), model("a", 0, 1)).getFirst();
        assertThat(placed.listed()).isFalse();
        assertThat(truth(placed, ConditionType.IS_MMS_PREDICTOR)).isEqualTo(Truth.FALSE);
        assertThat(truth(placed, ConditionType.MEMORY_RESOURCE_AVAILABLE)).isEqualTo(Truth.UNKNOWN);
        assertThat(placed.status().condition(ConditionType.READY).reason())
                .isEqualTo(Reason.IS_NOT_MMS_PREDICTOR);
    }

    @Test
    void aServiceThatIsNotThereIsAConditionThatNamesIt() {
        var placed = place(new ModelHost.Missing("many"), model("a", 0, 1)).getFirst();
        assertThat(placed.listed()).isFalse();
        assertThat(placed.status().url()).isEmpty();
        assertThat(placed.status().condition(ConditionType.READY).message())
                .isEqualTo("there is no InferenceService many in namespace ns");
    }

    private static List<Placed> place(ModelHost host, TrainedModel... models) {
        return ModelPlacement.place(List.of(models), host);
    }

    private static Truth truth(Placed placed, ConditionType type) {
        return placed.status().condition(type).truth();
    }

    private static ModelHost room(Optional<Memory> limit) {
        return present(Optional.empty(), Optional.of(roomFor(limit)));
    }

    private static ModelHost.Room roomFor(Optional<Memory> limit) {
        return new ModelHost.Room("multi", Set.of("sklearn", "onnx"), limit);
    }

    private static ModelHost.Present present(
            Optional<String> trouble, Optional<ModelHost.Room> room) {
        return new ModelHost.Present(
                "many",
                trouble,
                Optional.of("http://many.x"),
                Optional.of("http://in/many"),
                false,
                room);
    }

    private static TrainedModel model(String name, int second, int mebibytes) {
        return new TrainedModel(
                "ns",
                name,
                7,
                "many",
                "/m/" + name,
                "SKLearn",
                memory(mebibytes),
                START.plusSeconds(second));
    }

    private static Memory memory(int mebibytes) {
        return new Memory((long) mebibytes << 20, mebibytes + "Mi");
    }
}
