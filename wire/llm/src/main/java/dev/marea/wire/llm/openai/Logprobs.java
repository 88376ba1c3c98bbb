package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Log probabilities in the two forms that chat and plain completions have. */
public final class Logprobs {
    /** What JSON cannot say: an impossible token, as vLLM writes it. */
    private static final double IMPOSSIBLE = -9999.0;

    private Logprobs() {}

    public static Json chat(List<TokenLogprob> tokens) {
        var content = new ArrayList<Json>();
        for (var token : tokens) {
            content.add(one(token).with("top_logprobs", tops(token)));
        }
        return Json.Obj.of("content", new Json.Arr(content), "refusal", Json.Null.VALUE);
    }

    /** {@code offset} is the place in the text at which the first of the tokens stands. */
    public static Json completion(List<TokenLogprob> tokens, int offset) {
        var texts = new ArrayList<String>();
        var logprobs = new ArrayList<Double>();
        var tops = new ArrayList<Json>();
        var offsets = new ArrayList<Integer>();
        int at = offset;
        for (var token : tokens) {
            texts.add(token.text());
            logprobs.add(finite(token.logprob()));
            var top = new LinkedHashMap<String, Json>();
            token.top().forEach(t -> top.putIfAbsent(t.text(), Json.of(finite(t.logprob()))));
            tops.add(new Json.Obj(top));
            offsets.add(at);
            at += token.text().length();
        }
        return Json.Obj.of(
                "tokens",
                texts,
                "token_logprobs",
                logprobs,
                "top_logprobs",
                tops,
                "text_offset",
                offsets);
    }

    static Json orNull(Optional<List<TokenLogprob>> tokens) {
        return tokens.map(Logprobs::chat).orElse(Json.Null.VALUE);
    }

    private static Json tops(TokenLogprob token) {
        return new Json.Arr(token.top().stream().map(t -> (Json) one(t)).toList());
    }

    private static Json.Obj one(TokenLogprob token) {
        var bytes = new ArrayList<Json>();
        for (byte b : token.bytes()) {
            bytes.add(new Json.Int(b & 0xFF));
        }
        return Json.Obj.of(
                "token", token.text(), "logprob", finite(token.logprob()), "bytes", bytes);
    }

    private static double finite(double logprob) {
        return Double.isFinite(logprob) ? logprob : IMPOSSIBLE;
    }
}
