package dev.marea.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.spec.Percent;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void sharesAreWhatWasAsked() {
        var revisions = List.of(revision("a", 90), revision("b", 10), revision("c", 0));
        assertThat(name(revisions, 0)).isEqualTo("a");
        assertThat(name(revisions, 0.8999)).isEqualTo("a");
        assertThat(name(revisions, 0.9)).isEqualTo("b");
        assertThat(name(revisions, Math.nextDown(1.0))).isEqualTo("b");
    }

    @Test
    void aRevisionWithoutTrafficGetsNoneEvenIfItIsFirst() {
        var revisions = List.of(revision("a", 0), revision("b", 100));
        assertThat(name(revisions, 0)).isEqualTo("b");
    }

    @Test
    void withoutAnyTrafficThereIsNoChoice() {
        assertThat(Split.pick(List.of(), 0)).isEmpty();
        assertThat(Split.pick(List.of(revision("a", 0)), 0.5)).isEmpty();
    }

    @Test
    void fiveThousandRequestsSplitWithinHalfAPoint() {
        var random = new Random(7);
        var revisions = List.of(revision("a", 90), revision("b", 10));
        long canary =
                java.util.stream.IntStream.range(0, 50_000)
                        .filter(_ -> name(revisions, random.nextDouble()).equals("b"))
                        .count();
        assertThat(canary).as("seed 7").isBetween(4_750L, 5_250L);
    }

    private static String name(List<Revision> revisions, double chance) {
        return Split.pick(revisions, chance).orElseThrow().name();
    }

    private static Revision revision(String name, int percent) {
        return new Revision(name, new Percent(percent), List.of());
    }
}
