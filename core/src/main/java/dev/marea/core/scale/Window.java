package dev.marea.core.scale;

import dev.marea.core.scale.ScaleSettings.Aggregation;
import java.util.Arrays;

/**
 * Sums in buckets of one second over a fixed span, and their average. A bucket that was never
 * written counts as zero once there is an older one; time before the first write counts not at all.
 */
final class Window {
    private static final double SIX_DIGITS = 1e6;
    private static final double LEAST_COEFFICIENT = 0.2;
    private static final double SHARE_OF_WEIGHT = 0.9999;

    private final double[] buckets;
    private final Aggregation aggregation;
    private double total;
    private long firstWrite;
    private long lastWrite;
    private boolean written;

    Window(int seconds, Aggregation aggregation) {
        this.buckets = new double[seconds];
        this.aggregation = aggregation;
    }

    /** The weight of the newest bucket: all buckets together then hold 99.99 % of the weight. */
    static double coefficient(int buckets) {
        return Math.max(1 - Math.pow(1 - SHARE_OF_WEIGHT, 1.0 / buckets), LEAST_COEFFICIENT);
    }

    void record(long second, double value) {
        if (written && second <= lastWrite - buckets.length) {
            return; // older than anything that still counts
        }
        if (!written || second - lastWrite >= buckets.length) {
            clear();
            firstWrite = second;
            lastWrite = second;
            written = true;
        }
        firstWrite = Math.min(firstWrite, second);
        for (long gone = lastWrite + 1; gone <= second; gone++) {
            total -= buckets[index(gone)];
            buckets[index(gone)] = 0;
        }
        lastWrite = Math.max(lastWrite, second);
        buckets[index(second)] += value;
        total += value;
    }

    /** False before the first write and after a whole span of silence. */
    boolean hasData(long second) {
        return written && second - lastWrite <= buckets.length;
    }

    double average(long second) {
        if (!hasData(second)) {
            return 0;
        }
        return switch (aggregation) {
            case LINEAR -> linear(second);
            case WEIGHTED_EXPONENTIAL -> weighted(second);
        };
    }

    void clear() {
        Arrays.fill(buckets, 0);
        total = 0;
        written = false;
    }

    private double linear(long second) {
        long gap = Math.max(0, second - lastWrite);
        if (gap >= buckets.length) {
            return 0;
        }
        double left = total;
        for (long gone = lastWrite + 1; gone <= second; gone++) {
            left -= buckets[index(gone)];
        }
        long counted = Math.min(lastWrite - firstWrite + 1, buckets.length - gap);
        return Math.floor(left / counted * SIX_DIGITS) / SIX_DIGITS;
    }

    private double weighted(long second) {
        double coefficient = coefficient(buckets.length);
        long gap = Math.max(0, second - lastWrite);
        double weight = coefficient * Math.pow(1 - coefficient, (double) gap);
        double sum = 0;
        for (long age = 0; age < buckets.length - gap; age++) {
            sum += buckets[index(lastWrite - age)] * weight;
            weight *= 1 - coefficient;
        }
        return sum;
    }

    private int index(long second) {
        return Math.floorMod(second, buckets.length);
    }
}
