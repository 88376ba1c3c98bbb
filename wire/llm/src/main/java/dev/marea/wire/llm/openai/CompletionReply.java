package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** Writes the answer to a plain completion; a stream's chunks have the same shape. */
public record CompletionReply(ReplyHead head) {
    /** One text; {@code offset} is how much of it was sent before. */
    public record Choice(
            int index,
            String text,
            int offset,
            Optional<FinishReason> finish,
            Optional<String> stoppedBy,
            Optional<List<TokenLogprob>> logprobs) {}

    public Json.Obj whole(List<Choice> choices, Usage usage) {
        return frame(choices).with("usage", usage.json());
    }

    public Json.Obj chunk(Choice choice) {
        return frame(List.of(choice));
    }

    public Json.Obj usage(Usage usage) {
        return frame(List.of()).with("usage", usage.json());
    }

    private Json.Obj frame(List<Choice> choices) {
        return Json.Obj.of(
                "id", head.id(),
                "object", "text_completion",
                "created", head.created(),
                "model", head.model(),
                "choices", choices.stream().map(CompletionReply::choice).toList());
    }

    private static Json choice(Choice choice) {
        return Json.Obj.of(
                "index", choice.index(),
                "text", choice.text(),
                "logprobs",
                        choice.logprobs()
                                .map(tokens -> Logprobs.completion(tokens, choice.offset()))
                                .orElse(Json.Null.VALUE),
                "finish_reason",
                        choice.finish().map(f -> Json.of(f.wireName())).orElse(Json.Null.VALUE),
                "stop_reason", choice.stoppedBy().map(Json::of).orElse(Json.Null.VALUE));
    }
}
