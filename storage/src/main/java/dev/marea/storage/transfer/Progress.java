package dev.marea.storage.transfer;

import java.util.OptionalLong;

/**
 * How far a fetch is.
 *
 * @param bytes that are here, those of an earlier try too
 * @param total -1 if the store does not say
 * @param rate bytes a second, lately
 * @param resumedFrom how many bytes an earlier try had brought
 * @param files that are whole
 */
public record Progress(
        long bytes, long total, long rate, long resumedFrom, int files, int filesTotal) {
    public static final Progress NOTHING = new Progress(0, -1, 0, 0, 0, 0);

    /** Empty if nobody knows. */
    public OptionalLong etaSeconds() {
        return total < 0 || rate <= 0
                ? OptionalLong.empty()
                : OptionalLong.of((Math.max(0, total - bytes) + rate - 1) / rate);
    }

    /** Empty if nobody knows. */
    public OptionalLong percent() {
        return total < 0
                ? OptionalLong.empty()
                : OptionalLong.of(total == 0 ? 100 : Math.min(100, 100 * bytes / total));
    }
}
