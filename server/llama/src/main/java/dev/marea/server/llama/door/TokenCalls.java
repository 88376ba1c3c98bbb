package dev.marea.server.llama.door;

import dev.marea.server.llama.engine.Refused;
import dev.marea.server.llama.talk.Prompt;
import dev.marea.wire.http.Response;
import dev.marea.wire.llm.openai.DetokenizeRequest;
import dev.marea.wire.llm.openai.TokenReplies;
import dev.marea.wire.llm.openai.TokenizeRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code POST /tokenize} and {@code /detokenize}. */
final class TokenCalls {
    /** A text for each token is asked one by one. */
    private static final int TEXTS_MAX = 4_096;

    private final Served served;
    private final Prompts prompts;

    TokenCalls(Served served, Prompts prompts) {
        this.served = served;
        this.prompts = prompts;
    }

    void tokenize(TokenizeRequest request, Response response)
            throws ApiTrouble, IOException, InterruptedException {
        served.adapter(request.model());
        try {
            var tokens = served.engine().tokenize(prompt(request));
            var texts =
                    request.returnTexts()
                            ? Optional.of(texts(tokens))
                            : Optional.<List<String>>empty();
            var list = Arrays.stream(tokens).boxed().toList();
            Answers.json(
                    response, 200, TokenReplies.tokenized(list, served.facts().lengthMax(), texts));
        } catch (Refused refused) {
            throw ApiTrouble.of(refused);
        }
    }

    private Prompt prompt(TokenizeRequest request) throws ApiTrouble {
        return switch (request.of()) {
            case TokenizeRequest.Of.Prompt(var text) ->
                    Prompts.text(text, request.addSpecialTokens(), true);
            case TokenizeRequest.Of.Messages(var messages, var tools, var generation) ->
                    prompts.messages(messages, tools, generation);
        };
    }

    private List<String> texts(int[] tokens) throws ApiTrouble, Refused, InterruptedException {
        if (tokens.length > TEXTS_MAX) {
            throw ApiTrouble.badRequest(
                    "return_token_strs is served for at most " + TEXTS_MAX + " tokens",
                    "return_token_strs");
        }
        var texts = new ArrayList<String>();
        for (int token : tokens) {
            texts.add(served.engine().detokenize(new int[] {token}));
        }
        return texts;
    }

    void detokenize(DetokenizeRequest request, Response response)
            throws ApiTrouble, IOException, InterruptedException {
        served.adapter(request.model());
        try {
            var text = served.engine().detokenize(Prompts.ids(request.tokens()));
            Answers.json(response, 200, TokenReplies.detokenized(text));
        } catch (Refused refused) {
            throw ApiTrouble.of(refused);
        }
    }
}
