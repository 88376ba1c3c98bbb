package dev.marea.gateway;

import dev.marea.core.route.ModelNames;
import dev.marea.wire.llm.openai.ApiError;
import dev.marea.wire.llm.openai.ModelCard;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The paths of language models, which are the same for all of them: the body names the model. */
final class LanguageApi {
    private static final String MODELS = "/v1/models";
    private static final Set<String> ASKING =
            Set.of(
                    "/v1/chat/completions",
                    "/v1/completions",
                    "/v1/responses",
                    "/v1/messages",
                    "/v1/messages/count_tokens",
                    "/v1/embeddings",
                    "/v1/rerank",
                    "/v2/rerank",
                    "/rerank",
                    "/v1/score",
                    "/score",
                    "/v1/classify",
                    "/v1/pooling",
                    "/v1/moderations",
                    "/tokenize",
                    "/detokenize",
                    "/v1/audio/speech",
                    "/v1/audio/transcriptions",
                    "/v1/audio/translations",
                    "/v1/images/generations",
                    "/v1/images/edits",
                    "/v1/images/variations");

    private LanguageApi() {}

    /** The target without what only says whose API it is. */
    static String bare(String target) {
        return target.startsWith("/openai/v1") ? target.substring("/openai".length()) : target;
    }

    /** Whether the body of such a request names a model. */
    static boolean asks(HttpMethod method, String path) {
        return method.equals(HttpMethod.POST) && ASKING.contains(bare(path));
    }

    /** KServe's paths of a model stand under /v1/models too, and are none of OpenAI's. */
    static boolean knows(String path) {
        var bare = bare(path);
        return ASKING.contains(bare) || path.startsWith("/openai/") || bare.equals(MODELS);
    }

    static boolean isAnthropic(String path) {
        return path.startsWith("/v1/messages");
    }

    /** The list of models, or one of them; also of those that are asleep. */
    static Optional<Answer> models(HttpMethod method, String path, ModelNames models) {
        var bare = bare(path);
        if (!method.equals(HttpMethod.GET) || !bare.startsWith(MODELS)) {
            return Optional.empty();
        }
        if (bare.equals(MODELS) || bare.equals(MODELS + "/")) {
            return Optional.of(Answer.json(200, ModelCard.list(cards(models))));
        }
        if (bare.charAt(MODELS.length()) != '/') {
            return Optional.empty();
        }
        var name = decoded(bare.substring(MODELS.length() + 1));
        return Optional.of(
                switch (models.find(name)) {
                    case ModelNames.Match.Found _ -> Answer.json(200, card(name).json());
                    case ModelNames.Match.NoSuchModel _ -> noSuchModel(name);
                    case ModelNames.Match.Several several -> several(name, several);
                });
    }

    private static List<ModelCard> cards(ModelNames models) {
        return models.all().stream().map(listed -> card(listed.id())).toList();
    }

    private static ModelCard card(String name) {
        return new ModelCard(name, 0, name, Optional.empty(), OptionalInt.empty());
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return name;
        }
    }

    static Answer noSuchModel(String name) {
        return Answer.error(ApiError.noSuchModel(name));
    }

    static Answer several(String name, ModelNames.Match.Several several) {
        var names =
                several.services().stream().map(s -> s.namespace() + "/" + name).sorted().toList();
        return Answer.error(
                ApiError.of(
                        400,
                        "several models are named '%s': say %s"
                                .formatted(name, String.join(" or ", names))));
    }
}
