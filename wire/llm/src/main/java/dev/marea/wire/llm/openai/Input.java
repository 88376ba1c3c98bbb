package dev.marea.wire.llm.openai;

import java.util.List;

/** What completions and embeddings are asked for: texts, or tokens already made. */
public sealed interface Input {
    record Texts(List<String> texts) implements Input {
        public Texts {
            texts = List.copyOf(texts);
        }
    }

    record Tokens(List<List<Integer>> lists) implements Input {
        public Tokens {
            lists = List.copyOf(lists);
        }
    }

    default int size() {
        return switch (this) {
            case Texts(var texts) -> texts.size();
            case Tokens(var lists) -> lists.size();
        };
    }
}
