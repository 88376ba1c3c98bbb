package dev.marea.server.llama.door;

import dev.marea.server.llama.sample.Sampling;
import dev.marea.server.llama.talk.Wanted;
import dev.marea.wire.json.Json;
import dev.marea.wire.llm.openai.ApiError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** What a request asks for, in the engine's words; defaults are vLLM's. */
final class Wishes {
    private static final int TOP_K_ALL = 0;
    private final RandomGenerator seeds;

    Wishes(RandomGenerator seeds) {
        this.seeds = seeds;
    }

    /**
     * @param rest fields that only some engines know
     */
    Wanted wanted(
            dev.marea.wire.llm.openai.Sampling asked,
            int choices,
            OptionalInt odds,
            String grammar,
            boolean showsControl,
            String adapter,
            Json.Obj rest)
            throws ApiTrouble {
        try {
            return new Wanted(
                    sampling(asked),
                    choices,
                    asked.tokensMax().orElse(0),
                    asked.stop(),
                    rest.flag("include_stop_str_in_output"),
                    odds.orElse(-1),
                    grammar,
                    showsControl || skipsNothing(rest),
                    adapter,
                    rest.text("cache_salt").orElse(""),
                    Math.clamp(rest.integer("priority").orElse(0), -1_000, 1_000));
        } catch (IllegalArgumentException bad) {
            throw new ApiTrouble(ApiError.of(400, String.valueOf(bad.getMessage())));
        }
    }

    private static boolean skipsNothing(Json.Obj rest) {
        return rest.at("skip_special_tokens").isPresent() && !rest.flag("skip_special_tokens");
    }

    private Sampling sampling(dev.marea.wire.llm.openai.Sampling asked) {
        return new Sampling(
                asked.temperature().orElse(1),
                Math.max(TOP_K_ALL, asked.topK().orElse(TOP_K_ALL)),
                asked.topP().orElse(1),
                asked.minP().orElse(0),
                asked.presencePenalty().orElse(0),
                asked.frequencyPenalty().orElse(0),
                asked.repetitionPenalty().orElse(1),
                asked.seed().orElseGet(seeds::nextLong),
                bias(asked.logitBias()),
                asked.tokensMin(),
                asked.ignoreEnd());
    }

    private static Map<Integer, Float> bias(Map<Integer, Double> asked) {
        var bias = new LinkedHashMap<Integer, Float>();
        asked.forEach((token, value) -> bias.put(token, value.floatValue()));
        return bias;
    }
}
