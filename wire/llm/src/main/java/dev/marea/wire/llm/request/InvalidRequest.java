package dev.marea.wire.llm.request;

import java.util.Optional;

/**
 * A request that cannot be served as it stands. The message names the field, the limit and the fix;
 * the dialect of the path decides how it looks on the wire.
 */
public final class InvalidRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final String field;
    private final String code;

    public InvalidRequest(String field, String message) {
        this(field, message, "");
    }

    public InvalidRequest(String field, String message, String code) {
        super(message);
        this.field = field;
        this.code = code;
    }

    /** The path of the field to blame, as in {@code messages[2].content}; empty for the whole. */
    public Optional<String> field() {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** A stable word for programs, as in {@code context_length_exceeded}; empty for most. */
    public Optional<String> code() {
        return code.isEmpty() ? Optional.empty() : Optional.of(code);
    }

    /** The prompt and what may follow it do not fit the model's context. */
    public static InvalidRequest contextExceeded(
            String field, long promptTokens, long wanted, long context) {
        return new InvalidRequest(
                field,
                "This model's maximum context length is %d tokens, but the prompt has %d and %d more were asked for; shorten the prompt or lower max_tokens"
                        .formatted(context, promptTokens, wanted),
                "context_length_exceeded");
    }
}
