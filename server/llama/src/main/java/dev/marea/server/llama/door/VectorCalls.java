package dev.marea.server.llama.door;

import dev.marea.server.llama.engine.Making;
import dev.marea.server.llama.engine.Refused;
import dev.marea.server.llama.talk.ModelFacts;
import dev.marea.server.llama.talk.News;
import dev.marea.server.llama.talk.Prompt;
import dev.marea.wire.http.Response;
import dev.marea.wire.llm.openai.EmbeddingRequest;
import dev.marea.wire.llm.openai.RerankRequest;
import dev.marea.wire.llm.openai.ScoreRequest;
import dev.marea.wire.llm.openai.VectorReplies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code POST /v1/embeddings}, {@code /v1/rerank} and {@code /v1/score}. */
final class VectorCalls {
    private final Served served;
    private final Names names;

    VectorCalls(Served served, Names names) {
        this.served = served;
        this.names = names;
    }

    /** A text, or a pair of texts where the second is not empty. */
    private record Ask(Prompt prompt, String second) {}

    /** All answers, in order. */
    private record All(List<float[]> vectors, long tokens) {}

    void embeddings(EmbeddingRequest request, Response response)
            throws ApiTrouble, IOException, InterruptedException {
        served.adapter(request.model());
        if (served.facts().kind() == ModelFacts.Kind.RANKS) {
            throw ApiTrouble.badRequest(
                    "this model ranks texts and embeds none; ask /v1/rerank or /v1/score", "model");
        }
        var asks =
                Prompts.inputs(request.input(), false).stream()
                        .map(prompt -> new Ask(prompt, ""))
                        .toList();
        int width = request.dimensions().orElse(served.facts().width());
        if (width > served.facts().width()) {
            throw ApiTrouble.badRequest(
                    "dimensions must be at most " + served.facts().width(), "dimensions");
        }
        var all = all(asks);
        var vectors =
                all.vectors().stream().map(vector -> unit(Arrays.copyOf(vector, width))).toList();
        Answers.json(response, 200, VectorReplies.embeddings(request, vectors, all.tokens()));
    }

    void rerank(RerankRequest request, Response response)
            throws ApiTrouble, IOException, InterruptedException {
        served.adapter(request.model());
        var pairs =
                request.documents().stream()
                        .map(document -> new ScoreRequest.Pair(request.query(), document))
                        .toList();
        var scored = scored(pairs);
        Answers.json(
                response,
                200,
                VectorReplies.rerank(
                        request, names.id("rerank-"), scored.scores(), scored.tokens()));
    }

    void score(ScoreRequest request, Response response)
            throws ApiTrouble, IOException, InterruptedException {
        served.adapter(request.model());
        var scored = scored(request.pairs());
        Answers.json(
                response,
                200,
                VectorReplies.scores(
                        request,
                        names.head("score-", served.shownName(request.model())),
                        scored.scores(),
                        scored.tokens()));
    }

    private record Scored(double[] scores, long tokens) {}

    /** A model that ranks reads each pair; of one that embeds, how near two vectors are. */
    private Scored scored(List<ScoreRequest.Pair> pairs) throws ApiTrouble, InterruptedException {
        if (served.facts().kind() == ModelFacts.Kind.RANKS) {
            var all =
                    all(
                            pairs.stream()
                                    .map(pair -> new Ask(text(pair.left()), pair.right()))
                                    .toList());
            return new Scored(
                    all.vectors().stream().mapToDouble(v -> 1 / (1 + Math.exp(-v[0]))).toArray(),
                    all.tokens());
        }
        var texts =
                pairs.stream()
                        .flatMap(pair -> java.util.stream.Stream.of(pair.left(), pair.right()))
                        .distinct()
                        .toList();
        var all = all(texts.stream().map(each -> new Ask(text(each), "")).toList());
        var scores =
                pairs.stream()
                        .mapToDouble(pair ->
                                cosine(
                                        all.vectors().get(texts.indexOf(pair.left())),
                                        all.vectors().get(texts.indexOf(pair.right()))))
                        .toArray();
        return new Scored(scores, all.tokens());
    }

    private static Prompt text(String text) {
        return Prompts.text(text, true, false);
    }

    /** All are asked before the first is awaited, so that they share steps. */
    private All all(List<Ask> asks) throws ApiTrouble, InterruptedException {
        var makings = new ArrayList<Making>();
        try {
            for (var ask : asks) {
                makings.add(served.engine().embedding(ask.prompt(), ask.second()));
            }
            var vectors = new ArrayList<float[]>();
            long tokens = 0;
            for (var making : makings) {
                var vector = served.engine().await(News.Vector.class, making);
                vectors.add(vector.values());
                tokens += vector.tokens();
            }
            return new All(vectors, tokens);
        } catch (Refused refused) {
            throw ApiTrouble.of(refused);
        } finally {
            makings.forEach(served.engine()::forget);
        }
    }

    private static float[] unit(float[] vector) {
        double length = Math.sqrt(dot(vector, vector));
        for (int i = 0; i < vector.length && length > 0; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    private static double cosine(float[] one, float[] other) {
        double lengths = Math.sqrt(dot(one, one) * dot(other, other));
        return lengths == 0 ? 0 : dot(one, other) / lengths;
    }

    private static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
