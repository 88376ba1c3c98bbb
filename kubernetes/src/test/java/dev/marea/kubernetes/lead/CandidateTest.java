package dev.marea.kubernetes.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CandidateTest {
    private final Store store = new Store();
    private final Random chance = new Random(5);
    private long nanos;
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void theFirstOneLeadsAndTheSecondWaits() throws IOException {
        var first = candidate("first");
        var second = candidate("second");
        first.look();
        second.look();
        assertThat(first.leading()).isTrue();
        assertThat(second.leading()).isFalse();
        assertThat(second.left()).isZero();
        assertThat(second.holder()).isEqualTo("first");
    }

    @Test
    void aHolderThatRenewsKeepsTheLease() throws IOException {
        var first = candidate("first");
        var second = candidate("second");
        for (int i = 0; i < 50; i++) {
            first.look();
            second.look();
            pass(2);
        }
        assertThat(first.leading()).isTrue();
        assertThat(second.leading()).isFalse();
        assertThat(store.lease().integer("spec", "leaseTransitions")).hasValue(1);
    }

    @Test
    void aSilentHolderIsFollowedAfterTheWholeLease() throws IOException {
        var first = candidate("first");
        var second = candidate("second");
        first.look();
        second.look();
        pass(14);
        second.look();
        assertThat(second.leading()).isFalse();
        pass(1);
        second.look();
        assertThat(second.leading()).isTrue();
    }

    @Test
    void aHolderThatWasStoppedMayWriteNothingBeforeItHasLookedAgain() throws IOException {
        var first = candidate("first");
        var second = candidate("second");
        first.look();
        second.look();
        pass(30);
        second.look();
        assertThat(first.left()).isZero();
        assertThat(first.lapsed()).isTrue();
        first.look();
        assertThat(first.leading()).isFalse();
        assertThat(second.leading()).isTrue();
    }

    @Test
    void whatAHolderBeginsToWriteMustEndBeforeAnybodyElseCanLead() throws IOException {
        var first = candidate("first");
        first.look();
        pass(9);
        assertThat(first.left()).isEqualTo(Duration.ofSeconds(6));
        pass(1);
        assertThat(first.left()).isZero();
    }

    @Test
    void theTimeOfARenewalIsThatOfItsQuestion() throws IOException {
        var first = candidate("first");
        first.look();
        pass(2);
        store.delaySeconds = 4;
        first.look();
        assertThat(first.left()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void aReleasedLeaseIsTakenAtOnce() throws IOException {
        var first = candidate("first");
        var second = candidate("second");
        first.look();
        second.look();
        first.release();
        assertThat(first.left()).isZero();
        second.look();
        assertThat(second.leading()).isTrue();
    }

    @Test
    void aClockThatJumpsChangesNothing() throws IOException {
        var first = candidate("first");
        var second = candidate("second");
        for (int i = 0; i < 50; i++) {
            wall = wall.plus(Duration.ofMinutes(chance.nextInt(-90, 90)));
            first.look();
            second.look();
            pass(2);
            assertThat(first.left()).isPositive();
            assertThat(second.left()).isZero();
        }
    }

    @Test
    void anUnreachableApiEndsALeadershipAndNobodyLeadsTwice() {
        var candidates = List.of(candidate("a"), candidate("b"), candidate("c"));
        for (int step = 0; step < 20_000; step++) {
            store.down = chance.nextInt(10) < 3;
            store.delaySeconds = chance.nextInt(3);
            var one = candidates.get(chance.nextInt(3));
            try {
                one.look();
            } catch (IOException unreachable) {
                assertThat(unreachable).hasMessage("down");
            }
            pass(chance.nextInt(4));
            assertThat(candidates.stream().filter(c -> !c.left().isZero()).count())
                    .as("step %d", step)
                    .isLessThanOrEqualTo(1);
        }
        assertThat(store.lease().integer("spec", "leaseTransitions").orElse(0)).isGreaterThan(20);
    }

    private Candidate candidate(String identity) {
        return new Candidate(
                store,
                "marea-system",
                "marea-operator",
                identity,
                Candidate.Terms.USUAL,
                () -> nanos,
                () -> wall);
    }

    private void pass(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
        wall = wall.plusSeconds(seconds);
    }

    /** An API with one Lease, which takes a replacement only of the newest version. */
    private final class Store implements Leases {
        private Json.@Nullable Obj lease;
        private long version;
        private boolean down;
        private int delaySeconds;

        Json.Obj lease() {
            return Optional.ofNullable(lease).orElseThrow();
        }

        @Override
        public Optional<Json.Obj> get() throws IOException {
            answer();
            return Optional.ofNullable(lease);
        }

        @Override
        public Optional<Json.Obj> create(Json.Obj created) throws IOException {
            answer();
            if (lease != null) {
                return Optional.empty();
            }
            return keep(created);
        }

        @Override
        public Optional<Json.Obj> replace(Json.Obj newer) throws IOException {
            answer();
            if (!newer.text("metadata", "resourceVersion")
                    .equals(lease().text("metadata", "resourceVersion"))) {
                return Optional.empty();
            }
            return keep(newer);
        }

        private void answer() throws IOException {
            pass(delaySeconds);
            if (down) {
                throw new IOException("down");
            }
        }

        private Optional<Json.Obj> keep(Json.Obj newer) {
            version++;
            lease = newer.withAt(List.of("metadata", "resourceVersion"), Json.of("" + version));
            return Optional.of(lease);
        }
    }
}
