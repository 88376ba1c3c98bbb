package dev.marea.wire.llm.openai;

import dev.marea.wire.llm.tools.Output;
import java.util.List;
import java.util.Optional;

/** One of the answers to a chat; {@code stoppedBy} is the stop text that ended it. */
public record ChatChoice(
        int index,
        Output output,
        FinishReason finish,
        Optional<String> stoppedBy,
        Optional<List<TokenLogprob>> logprobs) {}
