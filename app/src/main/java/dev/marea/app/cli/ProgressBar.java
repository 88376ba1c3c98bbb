package dev.marea.app.cli;

import dev.marea.wire.kserve.FetchProgress;
import java.time.Duration;
import java.util.Locale;

/** How far a fetch is, in one line. */
final class ProgressBar {
    private static final int CELLS = 24;
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final double UNIT = 1_024;

    private ProgressBar() {}

    static String of(FetchProgress progress) {
        var line = new StringBuilder();
        progress.percent()
                .ifPresent(percent -> {
                    int full = percent * CELLS / 100;
                    line.append('[')
                            .repeat('#', full)
                            .repeat('.', CELLS - full)
                            .append("] ")
                            .append(percent)
                            .append("%, ");
                });
        line.append(bytes(progress.bytes()));
        if (progress.total() >= 0) {
            line.append(" of ").append(bytes(progress.total()));
        }
        line.append(", ").append(bytes(progress.rate())).append("/s");
        if (progress.etaSeconds() > 0) {
            line.append(", ").append(time(progress.etaSeconds())).append(" left");
        }
        if (progress.resumedFrom() > 0) {
            line.append(", resumed from ").append(bytes(progress.resumedFrom()));
        }
        return line.toString();
    }

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= UNIT && unit < UNITS.length - 1) {
            value /= UNIT;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    private static String time(long seconds) {
        var left = Duration.ofSeconds(seconds);
        return left.toHours() > 0
                ? "%d h %d min".formatted(left.toHours(), left.toMinutesPart())
                : left.toMinutes() > 0
                        ? "%d min %d s".formatted(left.toMinutes(), left.toSecondsPart())
                        : seconds + " s";
    }
}
