package dev.marea.kubernetes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServedTest {
    private Instant now = Instant.EPOCH;
    private Optional<Set<String>> answer = Optional.of(Set.of());
    private int looks;
    private final Served served =
            new Served(
                    _ -> {
                        looks++;
                        return answer.orElseThrow(() -> new IOException("away"));
                    },
                    (InstantSource) () -> now);

    @Test
    void oneLookAnswersForAWhileAndWhatIsInstalledLaterIsSeen() throws IOException {
        assertThat(served.has(Kind.AUTOSCALER)).isFalse();
        answer = Optional.of(Set.of(Kind.AUTOSCALER.plural()));
        assertThat(served.has(Kind.AUTOSCALER)).isFalse();
        assertThat(looks).isEqualTo(1);

        now = now.plus(Duration.ofMinutes(2));
        assertThat(served.has(Kind.AUTOSCALER)).isTrue();
        assertThat(looks).isEqualTo(2);
    }

    @Test
    void theLastAnswerStaysWhileTheApiIsAway() throws IOException {
        answer = Optional.of(Set.of(Kind.AUTOSCALER.plural()));
        assertThat(served.has(Kind.AUTOSCALER)).isTrue();

        answer = Optional.empty();
        now = now.plus(Duration.ofMinutes(2));
        assertThat(served.has(Kind.AUTOSCALER)).isTrue();
    }

    @Test
    void withoutAnyAnswerNothingIsGuessed() {
        answer = Optional.empty();
        assertThatThrownBy(() -> served.has(Kind.AUTOSCALER)).isInstanceOf(IOException.class);
    }

    @Test
    void whoDoubtsLooksAgainAtOnce() throws IOException {
        assertThat(served.has(Kind.AUTOSCALER)).isFalse();
        answer = Optional.of(Set.of(Kind.AUTOSCALER.plural()));
        served.doubt(Kind.AUTOSCALER);
        assertThat(served.has(Kind.AUTOSCALER)).isTrue();
    }
}
