package dev.marea.kubernetes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The answers are those of a real API server in the second after {@code helm install}. */
class FreshKindsTest {
    private final List<String> asked = new ArrayList<>();
    private Duration waited = Duration.ZERO;

    @Test
    void anOperatorWaitsWhileTheServerOpensTheStorageOfOurKinds() throws IOException {
        kinds(429, Duration.ofSeconds(2)).await(Set.of());
        assertThat(waited).isEqualTo(Duration.ofSeconds(2));
        assertThat(asked)
                .contains(
                        "/inferenceservices",
                        "/servingruntimes",
                        "/clusterservingruntimes",
                        "/trainedmodels");
    }

    @Test
    void kindsThatNeverComeEndTheStartWithTheServersOwnWords() {
        assertThatThrownBy(() -> kinds(404, Duration.ofHours(1)).await(Set.of()))
                .hasMessageContaining("storage is (re)initializing");
        assertThat(waited).isEqualTo(FreshKinds.PATIENCE);
    }

    @Test
    void whatIsForbiddenIsNotWaitedFor() throws IOException {
        kinds(403, Duration.ofHours(1)).await(Set.of("tide"));
        assertThat(waited).isZero();
        assertThat(asked).contains("tide/inferenceservices");
    }

    private FreshKinds kinds(int code, Duration until) {
        return new FreshKinds(
                (kind, namespace) -> {
                    asked.add(namespace + "/" + kind.plural());
                    if (waited.compareTo(until) < 0) {
                        throw new ApiRefusal(
                                "GET " + kind.plural(),
                                code,
                                1,
                                Json.Obj.of("message", "storage is (re)initializing"));
                    }
                },
                length -> waited = waited.plus(length));
    }
}
