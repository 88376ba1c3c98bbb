package dev.marea.server.runtime.xgboost;

/** How many trees there are after each round of training. */
final class TreeRounds {
    private TreeRounds() {}

    /** As many in each round; an older file says no more. */
    static int[] even(int trees, int perRound) {
        var rounds = new int[trees / Math.max(1, perRound) + 1];
        for (int i = 1; i < rounds.length; i++) {
            rounds[i] = i * perRound;
        }
        return rounds;
    }
}
