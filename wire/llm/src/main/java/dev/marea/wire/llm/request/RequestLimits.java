package dev.marea.wire.llm.request;

/** How much one request may ask for. The body's size is the door's affair. */
public record RequestLimits(
        int choicesMax,
        int tokensMax,
        int topLogprobsMax,
        int stopsMax,
        int stopCharsMax,
        int messagesMax,
        int partsMax,
        int toolsMax,
        int inputsMax,
        int biasMax,
        boolean templatesFromRequests) {
    public static final RequestLimits DEFAULT =
            new RequestLimits(128, 1 << 24, 20, 16, 1_000, 20_000, 1_000, 512, 2_048, 1_024, false);

    /** For administrators who trust whoever may call: a request may bring its own template. */
    public RequestLimits allowingTemplates() {
        return new RequestLimits(
                choicesMax,
                tokensMax,
                topLogprobsMax,
                stopsMax,
                stopCharsMax,
                messagesMax,
                partsMax,
                toolsMax,
                inputsMax,
                biasMax,
                true);
    }
}
