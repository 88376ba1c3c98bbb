package dev.marea.wire.llm.openai;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How probable a written token was, and what else might have stood there. A token may be part of a
 * character, therefore its bytes are told too.
 */
public record TokenLogprob(String text, byte[] bytes, double logprob, List<TokenLogprob> top) {
    public TokenLogprob {
        top = List.copyOf(top);
    }

    public static TokenLogprob of(String text, double logprob, List<TokenLogprob> top) {
        return new TokenLogprob(text, text.getBytes(StandardCharsets.UTF_8), logprob, top);
    }
}
