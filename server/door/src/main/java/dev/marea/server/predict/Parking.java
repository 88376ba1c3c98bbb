package dev.marea.server.predict;

import java.util.HashMap;
import java.util.Map;

/** How many calls wait for models to be loaded: so many for each, and eight times that for all. */
final class Parking {
    private static final int MODELS_WORTH = 8;

    private final int eachMax;
    private final Map<String, Integer> counts = new HashMap<>();
    private int size;

    Parking(int eachMax) {
        this.eachMax = eachMax;
    }

    synchronized boolean enter(String model) {
        int there = counts.getOrDefault(model, 0);
        if (there >= eachMax || size >= (long) eachMax * MODELS_WORTH) {
            return false;
        }
        counts.put(model, there + 1);
        size++;
        return true;
    }

    synchronized void leave(String model) {
        size--;
        counts.computeIfPresent(model, (_, there) -> there == 1 ? null : there - 1);
    }

    synchronized int size() {
        return size;
    }
}
