package dev.marea.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.kserve.FetchProgress;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    @Test
    void saysHowFarItIsHowFastAndHowLongYet() {
        var half = new FetchProgress(4L << 30, 8L << 30, 100 << 20, 41, 0, 3);
        assertThat(ProgressBar.of(half))
                .isEqualTo(
                        "[############............] 50%, 4.0 GiB of 8.0 GiB, 100.0 MiB/s, 41 s left");
    }

    @Test
    void saysWhatAnEarlierTryHadBrought() {
        var resumed = new FetchProgress(3L << 30, 4L << 30, 1 << 20, 7_384, 2L << 30, 0);
        assertThat(ProgressBar.of(resumed))
                .contains("75%", "2 h 3 min left", "resumed from 2.0 GiB");
    }

    @Test
    void claimsNothingThatNobodyKnows() {
        var unknown = new FetchProgress(512, -1, 0, -1, 0, 0);
        assertThat(ProgressBar.of(unknown)).isEqualTo("512 B, 0 B/s");
    }
}
