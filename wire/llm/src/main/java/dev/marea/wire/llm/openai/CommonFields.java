package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The fields that chat and plain completions share. */
final class CommonFields {
    static final int MODEL_CHARS_MAX = 512;
    static final int TEXT_CHARS_MAX = 64 << 20;
    private static final int SALT_CHARS_MAX = 1_024;
    private static final int NAME_CHARS_MAX = 1_024;

    private CommonFields() {}

    static String model(Fields fields) throws InvalidRequest {
        return fields.text("model", MODEL_CHARS_MAX).orElse("");
    }

    static Sampling sampling(Fields fields, OptionalInt tokensMax, RequestLimits limits)
            throws InvalidRequest {
        int tokensMin = fields.integer("min_tokens", 0, limits.tokensMax()).orElse(0);
        if (tokensMax.isPresent() && tokensMin > tokensMax.getAsInt()) {
            throw new InvalidRequest(
                    "min_tokens",
                    "min_tokens is %d, more than max_tokens %d"
                            .formatted(tokensMin, tokensMax.getAsInt()));
        }
        return new Sampling(
                fields.number("temperature", 0, 2),
                fields.number("top_p", 0, 1),
                fields.integer("top_k", -1, 1 << 20),
                fields.number("min_p", 0, 1),
                fields.number("presence_penalty", -2, 2),
                fields.number("frequency_penalty", -2, 2),
                fields.number("repetition_penalty", 0.01, 10),
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                bias(fields, limits),
                tokensMax,
                tokensMin,
                fields.flag("ignore_eos", false),
                stops(fields, limits));
    }

    private static List<String> stops(Fields fields, RequestLimits limits) throws InvalidRequest {
        var stops = fields.texts("stop", limits.stopsMax(), limits.stopCharsMax());
        if (stops.contains("")) {
            throw new InvalidRequest("stop", "stop must not hold an empty string");
        }
        return stops;
    }

    private static Map<Integer, Double> bias(Fields fields, RequestLimits limits)
            throws InvalidRequest {
        var asked = fields.object("logit_bias");
        if (asked.isEmpty()) {
            return Map.of();
        }
        var names = asked.get().source().fields().keySet();
        if (names.size() > limits.biasMax()) {
            throw new InvalidRequest(
                    "logit_bias",
                    "logit_bias has %d tokens; at most %d are taken"
                            .formatted(names.size(), limits.biasMax()));
        }
        var bias = new HashMap<Integer, Double>();
        for (var name : names) {
            bias.put(token(name), asked.get().number(name, -100, 100).orElse(0));
        }
        return bias;
    }

    private static int token(String name) throws InvalidRequest {
        try {
            return Integer.parseUnsignedInt(name);
        } catch (NumberFormatException _) {
            throw new InvalidRequest(
                    "logit_bias", "logit_bias is keyed by token numbers, not by '" + name + "'");
        }
    }

    static Streaming streaming(Fields fields) throws InvalidRequest {
        boolean stream = fields.flag("stream", false);
        var options = fields.object("stream_options");
        if (options.isEmpty()) {
            return new Streaming(stream, false, false);
        }
        if (!stream) {
            throw new InvalidRequest(
                    "stream_options", "stream_options is only taken together with stream: true");
        }
        boolean usage = options.get().flag("include_usage", false);
        return new Streaming(true, usage, options.get().flag("continuous_usage_stats", false));
    }

    static int choices(Fields fields, RequestLimits limits) throws InvalidRequest {
        return fields.integer("n", 1, limits.choicesMax()).orElse(1);
    }

    /** Fields that nobody here reads, but that have hurt engines when they were huge. */
    static void bounded(Fields fields, RequestLimits limits) throws InvalidRequest {
        fields.text("cache_salt", SALT_CHARS_MAX);
        fields.text("request_id", NAME_CHARS_MAX);
        fields.text("user", NAME_CHARS_MAX);
        fields.integer("prompt_logprobs", -1, limits.topLogprobsMax());
        int best = fields.integer("best_of", 1, limits.choicesMax()).orElse(1);
        if (best > 1) {
            throw new InvalidRequest(
                    "best_of", "best_of is not served; ask for n answers and choose among them");
        }
    }

    static Json.Obj rest(Fields fields, String... keep) {
        var rest = fields.rest();
        for (var name : keep) {
            var value = fields.source().fields().get(name);
            if (value != null) {
                rest = rest.with(name, value);
            }
        }
        return rest;
    }
}
