package dev.marea.server.llama.door;

import dev.marea.wire.llm.openai.ReplyHead;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** Names of answers and calls, which nobody else has. */
final class Names {
    private final RandomGenerator chance;
    private final Clock clock;

    Names(RandomGenerator chance, Clock clock) {
        this.chance = chance;
        this.clock = clock;
    }

    String id(String prefix) {
        return prefix
                + "%016x%016x".formatted(chance.nextLong(), chance.nextLong()).substring(0, 24);
    }

    ReplyHead head(String prefix, String model) {
        return new ReplyHead(id(prefix), clock.instant().getEpochSecond(), model);
    }
}
