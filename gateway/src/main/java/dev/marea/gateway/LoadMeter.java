package dev.marea.gateway;

/** The load of one revision: requests in hand (in flight or waiting), integrated over time. */
final class LoadMeter {
    /** The load since the reading before. */
    record Reading(double concurrency, double requests) {}

    private int inHand;
    private long arrivals;
    private double area;
    private long changed;
    private long read;

    LoadMeter(long now) {
        changed = now;
        read = now;
    }

    synchronized void arrive(long now) {
        integrate(now);
        inHand++;
        arrivals++;
    }

    synchronized void leave(long now) {
        integrate(now);
        inHand--;
    }

    synchronized int inHand() {
        return inHand;
    }

    synchronized Reading read(long now) {
        integrate(now);
        long span = now - read;
        var reading = new Reading(span > 0 ? area / span : inHand, arrivals);
        area = 0;
        arrivals = 0;
        read = now;
        return reading;
    }

    private void integrate(long now) {
        area += (double) inHand * Math.max(0, now - changed);
        changed = now;
    }
}
