package dev.marea.server.llama.talk;

import java.util.List;

/**
 * What an engine knows of its model once it is loaded.
 *
 * @param kind what it is for
 * @param lengthMax the longest prompt with its answer, in tokens
 * @param cells tokens of all sequences together
 * @param width numbers of an embedding
 * @param chatTemplate empty where the file has none
 * @param bos the text of the token that begins a text, or empty
 * @param eos the text of the token that ends one
 * @param addsBos whether the tokenizer puts the first one itself
 * @param control names of control tokens, which must not act where a user writes them
 */
public record ModelFacts(
        Kind kind,
        String architecture,
        int lengthMax,
        int cells,
        int width,
        int vocabulary,
        String chatTemplate,
        String bos,
        String eos,
        boolean addsBos,
        List<String> control) {
    public ModelFacts {
        control = List.copyOf(control);
    }

    public ModelFacts withTemplate(String other) {
        return new ModelFacts(
                kind,
                architecture,
                lengthMax,
                cells,
                width,
                vocabulary,
                other,
                bos,
                eos,
                addsBos,
                control);
    }

    /** What a model is for. */
    public enum Kind {
        GENERATES,
        EMBEDS,
        RANKS
    }
}
