package dev.marea.core.plan;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How the files of a revision's model come to its replicas.
 *
 * @param done whether a replica has them all
 * @param bytes that are there; -1 where nobody tells
 * @param total of all files; -1 while it is not known
 * @param bytesPerSecond of late; -1 where nobody tells
 * @param etaSeconds -1 while it is not known
 * @param resumedFrom bytes that an earlier attempt had brought
 * @param pins what its references were resolved to, the same for all replicas
 */
public record Fetch(
        boolean done,
        long bytes,
        long total,
        long bytesPerSecond,
        long etaSeconds,
        long resumedFrom,
        Map<String, String> pins) {
    private static final int WHOLE = 100;
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    public Fetch {
        pins = Map.copyOf(pins);
    }

    /** One of which nothing is known but whether it is over. */
    public static Fetch untold(boolean done, Map<String, String> pins) {
        return new Fetch(done, -1, -1, -1, -1, 0, pins);
    }

    /** 100 only when it is over; empty while nobody can tell. */
    public OptionalInt percent() {
        if (done) {
            return OptionalInt.of(WHOLE);
        }
        return bytes < 0 || total <= 0
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(WHOLE - 1, bytes * (double) WHOLE / total));
    }

    /** As far as it is known, for a person who waits. */
    String words() {
        var words = new StringBuilder();
        var percent = percent();
        if (percent.isPresent()) {
            words.append(": %d %% of %s".formatted(percent.getAsInt(), amount(total)));
        } else if (bytes > 0) {
            words.append(": ").append(amount(bytes));
        }
        if (bytesPerSecond > 0) {
            words.append(", ").append(amount(bytesPerSecond)).append("/s");
        }
        if (etaSeconds >= 0) {
            words.append(", %d s left".formatted(etaSeconds));
        }
        if (resumedFrom > 0) {
            words.append(", resumed from ").append(amount(resumedFrom));
        }
        return words.toString();
    }

    private static String amount(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
    }
}
