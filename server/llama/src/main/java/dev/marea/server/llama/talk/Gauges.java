package dev.marea.server.llama.talk;

/**
 * How an engine is doing.
 *
 * @param running answers being made
 * @param waiting requests not begun
 * @param cellsUsed of the context
 * @param preempted answers that had to make room and begin again, since the start
 * @param prefixAsked tokens of prompts, since the start
 * @param prefixHit of these, those that were known
 * @param steps since the start
 * @param stepTokens read or made by them
 */
public record Gauges(
        int running,
        int waiting,
        double cellsUsed,
        long preempted,
        long prefixAsked,
        long prefixHit,
        long steps,
        long stepTokens) {
    public static final Gauges NONE = new Gauges(0, 0, 0, 0, 0, 0, 0, 0);
}
