package dev.marea.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastGoodTest {
    private static final GatewayShare SHARE = new GatewayShare(1, 2);
    private static final RouteTable TABLE =
            new RouteTable(
                    7,
                    IntStream.range(100, 150)
                            .mapToObj(i -> FakeOperator.route("s" + i, i + ".example.com"))
                            .toList());

    @TempDir Path home;
    private LastGood lastGood;

    @BeforeEach
    void write() throws IOException {
        lastGood = new LastGood(home.resolve("feed/last"));
        lastGood.write(TABLE, SHARE);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var copy = lastGood.read().orElseThrow();
        assertThat(copy.table()).isEqualTo(TABLE);
        assertThat(copy.share()).isEqualTo(SHARE);
    }

    @Test
    void onlyTheFileItselfIsLeftBehind() throws IOException {
        lastGood.write(new RouteTable(8, List.of()), SHARE);
        try (var files = Files.list(home.resolve("feed"))) {
            assertThat(files).containsExactly(lastGood.file());
        }
        assertThat(lastGood.read().orElseThrow().table().version()).isEqualTo(8);
    }

    @Test
    void noFileIsNoTable() {
        assertThat(new LastGood(home.resolve("none")).read()).isEmpty();
    }

    @Test
    void aFileCutShortIsIgnored() throws IOException {
        var whole = Files.readAllBytes(lastGood.file());
        for (int length = 0; length < whole.length; length += 13) {
            Files.write(lastGood.file(), java.util.Arrays.copyOf(whole, length));
            assertThat(lastGood.read()).as("%d of %d bytes", length, whole.length).isEmpty();
        }
    }

    @Test
    void aDamagedFileIsNeverBelieved() throws IOException {
        var whole = Files.readAllBytes(lastGood.file());
        var random = new Random(5);
        for (int round = 0; round < 300; round++) {
            var damaged = whole.clone();
            // Behind the header, whose time and system stamps mean nothing.
            int at = 10 + random.nextInt(whole.length - 10);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(lastGood.file(), damaged);
            assertThat(lastGood.read().map(LastGood.Copy::table))
                    .as("round %d, byte %d", round, at)
                    .isIn(java.util.Optional.empty(), java.util.Optional.of(TABLE));
        }
    }
}
