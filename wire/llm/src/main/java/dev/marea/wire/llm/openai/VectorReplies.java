package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Writes what embedding and ranking models answer. */
public final class VectorReplies {
    private VectorReplies() {}

    public static Json.Obj embeddings(
            EmbeddingRequest request, List<float[]> vectors, long promptTokens) {
        var data = new ArrayList<Json>();
        for (var vector : vectors) {
            data.add(
                    Json.Obj.of(
                            "object",
                            "embedding",
                            "index",
                            data.size(),
                            "embedding",
                            request.base64() ? base64(vector) : numbers(vector)));
        }
        return Json.Obj.of(
                "object",
                "list",
                "data",
                data,
                "model",
                request.model(),
                "usage",
                used(promptTokens));
    }

    private static Json base64(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
            bytes.putFloat(number);
        }
        return Json.of(Base64.getEncoder().encodeToString(bytes.array()));
    }

    private static Json numbers(float[] vector) {
        var numbers = new ArrayList<Json>(vector.length);
        for (float number : vector) {
            // Through its own digits: 0.1f as a double would be written with seventeen of them.
            numbers.add(new Json.Dec(Double.parseDouble(Float.toString(number))));
        }
        return new Json.Arr(numbers);
    }

    public static Json.Obj rerank(
            RerankRequest request, String id, double[] scores, long promptTokens) {
        int top = request.top().orElse(0);
        var results =
                IntStream.range(0, scores.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                        .limit(top == 0 ? scores.length : top)
                        .map(i -> result(request, i, scores[i]))
                        .toList();
        return Json.Obj.of(
                "id",
                id,
                "model",
                request.model(),
                "results",
                results,
                "usage",
                used(promptTokens));
    }

    private static Json result(RerankRequest request, int index, double score) {
        var result = Json.Obj.of("index", index, "relevance_score", score);
        return request.returnDocuments()
                ? result.with("document", Json.Obj.of("text", request.documents().get(index)))
                : result;
    }

    public static Json.Obj scores(
            ScoreRequest request, ReplyHead head, double[] scores, long promptTokens) {
        var data = new ArrayList<Json>();
        for (double score : scores) {
            data.add(Json.Obj.of("index", data.size(), "object", "score", "score", score));
        }
        return Json.Obj.of(
                "id", head.id(),
                "object", "list",
                "created", head.created(),
                "model", head.model(),
                "data", data,
                "usage", used(promptTokens));
    }

    private static Json used(long promptTokens) {
        return Json.Obj.of("prompt_tokens", promptTokens, "total_tokens", promptTokens);
    }
}
