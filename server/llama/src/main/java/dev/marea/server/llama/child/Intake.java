package dev.marea.server.llama.child;

import dev.marea.server.llama.ffm.Grammar;
import dev.marea.server.llama.ffm.Vocabulary;
import dev.marea.server.llama.schedule.Embedder;
import dev.marea.server.llama.schedule.Generation;
import dev.marea.server.llama.talk.ModelFacts;
import dev.marea.server.llama.talk.News;
import dev.marea.server.llama.talk.Order;
import dev.marea.server.llama.talk.Prompt;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Prepares orders: texts become tokens and grammars are parsed beside the engine's thread, so that
 * a long prompt holds nobody up.
 */
final class Intake {
    /** The longest token of any vocabulary that we met has 256 bytes. */
    private static final int TOKEN_BYTES_MOST = 512;

    private final Vocabulary words;
    private final ModelFacts facts;

    Intake(Vocabulary words, ModelFacts facts) {
        this.words = words;
        this.facts = facts;
    }

    /** An order that cannot be followed. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final News.Why why;

        Refusal(News.Why why, String message) {
            super(message, null, false, false);
            this.why = why;
        }

        News.Failed news(long id) {
            return new News.Failed(id, why, String.valueOf(getMessage()));
        }
    }

    Job.Make generation(Order.Generate order) throws Refusal {
        if (facts.kind() != ModelFacts.Kind.GENERATES) {
            throw new Refusal(News.Why.BAD_REQUEST, "this model makes no text");
        }
        var tokens = tokens(order.prompt());
        int wanted = order.wanted().tokensMax();
        int room = facts.lengthMax() - tokens.length;
        if (room < Math.max(1, wanted)) {
            throw tooLong(tokens.length, wanted);
        }
        return new Job.Make(
                new Generation(
                        order.id(),
                        tokens,
                        order.wanted(),
                        wanted == 0 ? room : wanted,
                        words::ends,
                        grammar(order.wanted().grammar())));
    }

    private Refusal tooLong(int prompt, int answer) {
        return new Refusal(
                News.Why.TOO_LONG,
                answer == 0
                        ? "This model's maximum context length is %d tokens. However, your prompt has %d tokens and leaves no room for an answer. Please reduce its length."
                                .formatted(facts.lengthMax(), prompt)
                        : "This model's maximum context length is %d tokens. However, you requested %d tokens (%d in the prompt, %d in the answer). Please reduce the length of the prompt or of the answer."
                                .formatted(
                                        facts.lengthMax(), (long) prompt + answer, prompt, answer));
    }

    private @org.jspecify.annotations.Nullable Grammar grammar(String gbnf) throws Refusal {
        if (gbnf.isEmpty()) {
            return null;
        }
        try {
            return words.grammar(gbnf);
        } catch (Grammar.BadGrammar bad) {
            throw new Refusal(News.Why.BAD_REQUEST, String.valueOf(bad.getMessage()));
        }
    }

    Job.Embed text(Order.Embed order) throws Refusal {
        if (facts.kind() == ModelFacts.Kind.GENERATES) {
            throw new Refusal(
                    News.Why.BAD_REQUEST,
                    "this model makes text, no embeddings: its file names no pooling");
        }
        var tokens = tokens(order.prompt());
        if (!order.second().isEmpty()) {
            tokens = pair(tokens, tokens(Prompt.Text.of(order.second())));
        }
        if (tokens.length > facts.lengthMax()) {
            throw new Refusal(
                    News.Why.TOO_LONG,
                    "This model's maximum context length is %d tokens. However, the text has %d. Please reduce its length."
                            .formatted(facts.lengthMax(), tokens.length));
        }
        return new Job.Embed(new Embedder.Text(order.id(), tokens));
    }

    /** BERT's pairs: the second text without its own beginning, after a separator. */
    private int[] pair(int[] first, int[] second) {
        int begin = second.length > 0 && second[0] == words.bos() ? 1 : 0;
        var separator =
                first.length > 0 && first[first.length - 1] == words.sep()
                        ? IntStream.empty()
                        : IntStream.of(words.sep()).filter(token -> token >= 0);
        return IntStream.concat(
                        IntStream.concat(Arrays.stream(first), separator),
                        Arrays.stream(second, begin, second.length))
                .toArray();
    }

    int[] tokens(Prompt prompt) throws Refusal {
        var tokens =
                switch (prompt) {
                    case Prompt.Tokens(var ids) -> checked(ids);
                    case Prompt.Text text -> cut(text);
                };
        if (tokens.length == 0) {
            throw new Refusal(News.Why.BAD_REQUEST, "the prompt is empty");
        }
        return tokens;
    }

    private int[] checked(int[] ids) throws Refusal {
        for (int id : ids) {
            if (id < 0 || id >= words.size()) {
                throw new Refusal(
                        News.Why.BAD_REQUEST,
                        "token id %d is out of the vocabulary of %d".formatted(id, words.size()));
            }
        }
        return ids;
    }

    private int[] cut(Prompt.Text text) throws Refusal {
        long bytes = text.parts().stream().mapToLong(part -> part.text().length()).sum();
        if (bytes / TOKEN_BYTES_MOST > facts.lengthMax()) {
            throw new Refusal(
                    News.Why.TOO_LONG,
                    "This model's maximum context length is %d tokens; a prompt of %d characters cannot fit."
                            .formatted(facts.lengthMax(), bytes));
        }
        var all = IntStream.builder();
        boolean first = true;
        for (var part : text.parts()) {
            boolean begins = first && text.addSpecial();
            for (int token : words.tokenize(part.text(), begins, part.control())) {
                all.add(token);
            }
            first = false;
        }
        return all.build().toArray();
    }

    String text(int[] tokens) throws Refusal {
        var bytes = new ByteArrayOutputStream();
        for (int token : checked(tokens)) {
            bytes.writeBytes(words.piece(token, true));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
