package dev.marea.server.llama.child;

import dev.marea.server.llama.ffm.Adapter;
import dev.marea.server.llama.ffm.ContextSettings;
import dev.marea.server.llama.ffm.Llama;
import dev.marea.server.llama.ffm.NativeContext;
import dev.marea.server.llama.ffm.NativeModel;
import dev.marea.server.llama.talk.EngineSettings;
import dev.marea.server.llama.talk.ModelFacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model with its context, ready to work.
 *
 * @param sequences that the context has
 */
record Loaded(
        NativeModel model,
        NativeContext context,
        Map<String, Adapter> adapters,
        ModelFacts facts,
        int sequences)
        implements AutoCloseable {
    /** Without a word about it: as much as a chat needs, not as much as a model could. */
    private static final int LENGTH = 32_768;

    /** Sequences that remember a prompt, for each that may work. */
    private static final int REMEMBERED = 2;

    static Loaded load(Llama llama, EngineSettings settings) throws Llama.NotLoaded {
        var model = llama.load(Path.of(settings.model()), settings.repacked());
        try {
            var kind = kind(model);
            int length = length(model, settings);
            int sequences =
                    Math.min(ContextSettings.SEQUENCES_MOST, settings.active() * (1 + REMEMBERED));
            boolean generates = kind == ModelFacts.Kind.GENERATES;
            // A text is embedded in one step, whatever its length.
            int batch = generates ? settings.batch() : length;
            int cells = Math.max(length, settings.cells());
            var context =
                    model.context(
                            new ContextSettings(
                                    cells,
                                    batch,
                                    sequences,
                                    settings.threads(),
                                    settings.kv(),
                                    !generates));
            var facts = facts(model, context, kind, length);
            return new Loaded(model, context, adapters(model, settings), facts, sequences);
        } catch (Llama.NotLoaded | RuntimeException failed) {
            model.close();
            throw failed;
        }
    }

    private static int length(NativeModel model, EngineSettings settings) throws Llama.NotLoaded {
        int trained = model.contextTrained();
        if (settings.lengthMax() > trained && trained > 0) {
            throw new Llama.NotLoaded(
                    "max_model_len %d is more than the %d tokens that the model was trained on"
                            .formatted(settings.lengthMax(), trained));
        }
        return settings.lengthMax() > 0 ? settings.lengthMax() : Math.min(trained, LENGTH);
    }

    private static ModelFacts.Kind kind(NativeModel model) {
        var architecture = model.meta("general.architecture").orElse("");
        return switch (model.meta(architecture + ".pooling_type").orElse("")) {
            case "" -> model.encodesOnly() ? ModelFacts.Kind.EMBEDS : ModelFacts.Kind.GENERATES;
            case "0" -> model.encodesOnly() ? ModelFacts.Kind.EMBEDS : ModelFacts.Kind.GENERATES;
            case "4" -> ModelFacts.Kind.RANKS;
            default -> ModelFacts.Kind.EMBEDS;
        };
    }

    private static ModelFacts facts(
            NativeModel model, NativeContext context, ModelFacts.Kind kind, int length) {
        var words = model.vocabulary();
        return new ModelFacts(
                kind,
                model.meta("general.architecture").orElse(""),
                length,
                context.cells(),
                kind == ModelFacts.Kind.RANKS
                        ? Math.max(1, model.classes())
                        : model.embeddingLength(),
                words.size(),
                model.meta("tokenizer.chat_template").orElse(""),
                name(model, words.bos()),
                name(model, words.eos()),
                words.addsBos(),
                words.controlNames());
    }

    private static String name(NativeModel model, int token) {
        return token < 0
                ? ""
                : new String(model.vocabulary().piece(token, true), StandardCharsets.UTF_8);
    }

    private static Map<String, Adapter> adapters(NativeModel model, EngineSettings settings)
            throws Llama.NotLoaded {
        var adapters = new LinkedHashMap<String, Adapter>();
        for (var adapter : settings.adapters().entrySet()) {
            adapters.put(adapter.getKey(), model.adapter(Path.of(adapter.getValue())));
        }
        return adapters;
    }

    @Override
    public void close() {
        context.close();
        adapters.values().forEach(Adapter::close);
        model.close();
    }
}
