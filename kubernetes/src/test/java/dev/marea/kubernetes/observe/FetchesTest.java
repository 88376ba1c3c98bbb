package dev.marea.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.Fetch;
import dev.marea.kubernetes.objects.Names;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.FetchProgress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FetchesTest {
    private static final Json.Obj KEPT = Json.Obj.of("metadata", Json.Obj.EMPTY);
    private static final Map<String, String> PINS = Map.of("hf://o/m", "hf://o/m:0a1b");

    private static Json.Obj pod(Json.Obj state, String progress) {
        return Json.Obj.of(
                "metadata",
                Json.Obj.of("annotations", Json.Obj.of(FetchProgress.ANNOTATION, progress)),
                "status",
                Json.Obj.of(
                        "initContainerStatuses",
                        List.of(Json.Obj.of("name", "storage-initializer", "state", state))));
    }

    private static Json.Obj running(long bytes) {
        return pod(
                Json.Obj.of("running", Json.Obj.EMPTY),
                new FetchProgress(bytes, 1000, 50, 12, 100, 1).write());
    }

    private static Json.Obj ended(int code, String when, String message) {
        return pod(
                Json.Obj.of(
                        "terminated",
                        Json.Obj.of("exitCode", code, "finishedAt", when, "message", message)),
                "");
    }

    @Test
    void theReplicaThatIsFurthestSpeaksForTheRevision() {
        var fetch = Fetches.of(KEPT, List.of(running(300), running(700), running(10)));
        assertThat(fetch).contains(new Fetch(false, 700, 1000, 50, 12, 100, Map.of()));
    }

    @Test
    void onAClusterItIsKnownThatItRunsAndNoMore() {
        var fetch = Fetches.of(KEPT, List.of(pod(Json.Obj.of("running", Json.Obj.EMPTY), "{")));
        assertThat(fetch).contains(Fetch.untold(false, Map.of()));
    }

    @Test
    void theFirstThatHasFetchedSaysWhatAllAreToHave() {
        var late = ended(0, "2026-01-01T00:00:09Z", "pinned hf://o/m -> hf://o/m:ffff");
        var early = ended(0, "2026-01-01T00:00:01Z", "done\npinned hf://o/m -> hf://o/m:0a1b");
        var failed = ended(1, "2026-01-01T00:00:00Z", "pinned hf://o/m -> hf://o/m:dead");
        assertThat(Fetches.pins(List.of(late, early, failed))).isEqualTo(PINS);
        assertThat(Fetches.of(KEPT, List.of(failed))).isEmpty();
    }

    @Test
    void whatIsKeptWithTheRevisionWinsOverWhatAPodSays() {
        var kept =
                KEPT.withAt(
                        List.of("metadata", "annotations", Names.PINNED),
                        Json.of("hf://o/m -> hf://o/m:0a1b"));
        var other = ended(0, "2026-01-01T00:00:01Z", "pinned hf://o/m -> hf://o/m:ffff");
        assertThat(Fetches.of(kept, List.of(other)))
                .hasValueSatisfying(fetch -> assertThat(fetch.pins()).isEqualTo(PINS));
        assertThat(Fetches.of(kept, List.of()))
                .as("its pods are asleep")
                .hasValueSatisfying(fetch -> assertThat(fetch.done()).isTrue());
    }

    @Test
    void aModelThatIsMountedIsNotFetched() {
        assertThat(Fetches.of(KEPT, List.of(Json.Obj.EMPTY))).isEmpty();
    }
}
