package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** What one request has made a text model do so far; a few characters can ask for much. */
final class Effort {
    /** Each run of words or characters costs a look-up and a place. */
    private static final int RUNS_MAX = 1 << 24;

    /** Steps of token patterns: some seconds of one core. */
    private static final long STEPS_MAX = 1L << 30;

    private int runs;
    private long steps;

    void runs(int more) throws BadInput {
        runs += more;
        if (runs > RUNS_MAX || runs < 0) {
            throw new BadInput(
                    Data.FIELD,
                    "must be shorter: the model makes more than %d parts of these texts"
                            .formatted(RUNS_MAX));
        }
    }

    void steps(int more) throws BadInput {
        steps += more;
        if (steps > STEPS_MAX) {
            throw new BadInput(
                    Data.FIELD,
                    "must be shorter: the model's token pattern takes more than %d steps on these texts"
                            .formatted(STEPS_MAX));
        }
    }
}
