package dev.marea.server.llama.door;

import dev.marea.server.llama.engine.LlamaEngine;
import dev.marea.server.llama.talk.ModelFacts;
import dev.marea.wire.llm.chat.ChatTemplate;
import dev.marea.wire.llm.jinja.TemplateError;
import dev.marea.wire.llm.openai.ApiError;
import dev.marea.wire.llm.openai.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The model behind a door, loaded.
 *
 * @param name that requests ask for
 * @param adapters names that ask for it with a LoRA adapter
 * @param template as the file has it, if it has a good one
 * @param templateTrouble why there is none
 * @param since seconds of Unix time
 */
record Served(
        String name,
        Set<String> adapters,
        LlamaEngine engine,
        ModelFacts facts,
        Optional<ChatTemplate> template,
        String templateTrouble,
        long since) {

    static Served of(
            String name, Set<String> adapters, LlamaEngine engine, ModelFacts facts, long since) {
        if (facts.chatTemplate().isEmpty()) {
            return new Served(
                    name,
                    adapters,
                    engine,
                    facts,
                    Optional.empty(),
                    "this model's file has no chat template; ask /v1/completions, or give the server one by --chat_template",
                    since);
        }
        try {
            var template = ChatTemplate.of(facts.chatTemplate(), facts.bos(), facts.eos());
            return new Served(name, adapters, engine, facts, Optional.of(template), "", since);
        } catch (TemplateError bad) {
            return new Served(
                    name,
                    adapters,
                    engine,
                    facts,
                    Optional.empty(),
                    "this model's chat template cannot be read: " + bad.getMessage(),
                    since);
        }
    }

    /** The adapter that a request's model name means, empty for the model itself. */
    String adapter(String asked) throws ApiTrouble {
        if (asked.isEmpty() || asked.equals(name)) {
            return "";
        }
        if (adapters.contains(asked)) {
            return asked;
        }
        throw new ApiTrouble(ApiError.noSuchModel(asked));
    }

    /** What answers call themselves. */
    String shownName(String asked) {
        return asked.isEmpty() ? name : asked;
    }

    List<ModelCard> cards() {
        var cards = new ArrayList<ModelCard>();
        var length = OptionalInt.of(facts.lengthMax());
        cards.add(new ModelCard(name, since, name, Optional.empty(), length));
        adapters.forEach(adapter ->
                cards.add(new ModelCard(adapter, since, adapter, Optional.of(name), length)));
        return cards;
    }
}
