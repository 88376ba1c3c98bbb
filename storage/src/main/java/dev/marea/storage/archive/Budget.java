package dev.marea.storage.archive;

import dev.marea.storage.store.FetchFailure;

/**
 * What unpacking may come to. A model's weights hardly shrink, so a big honest member is far below
 * the ratio; a bomb is far above it.
 *
 * @param bytesMax of all files together
 * @param filesMax entries of any kind
 * @param ratioMax bytes out for each byte in, once more than {@code ratioFreeBytes} came out
 */
public record Budget(long bytesMax, int filesMax, int ratioMax, long ratioFreeBytes) {
    public static final Budget USUAL = new Budget(2L << 40, 200_000, 200, 64L << 20);

    public Budget {
        if (bytesMax < 1 || filesMax < 1 || ratioMax < 1 || ratioFreeBytes < 0) {
            throw new IllegalArgumentException(
                    "a budget has room for at least one file of one byte");
        }
    }

    void check(String archive, String entry, long in, long out) throws FetchFailure {
        if (out > bytesMax) {
            throw FetchFailure.lasting(
                    "%s is refused: with %s it comes to more than %d bytes, the limit for one model"
                            .formatted(archive, entry, bytesMax));
        }
        if (out > ratioFreeBytes && out / ratioMax > in) {
            throw FetchFailure.lasting(
                    "%s is refused: %s makes it a bomb, %d bytes came out of %d"
                            .formatted(archive, entry, out, in));
        }
    }
}
