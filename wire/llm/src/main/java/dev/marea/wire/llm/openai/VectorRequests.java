package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.List;

/** Reads what embedding and ranking models are asked: embeddings, rerank, score. */
public final class VectorRequests {
    private static final int DIMENSIONS_MAX = 1 << 16;
    private static final int WORD_CHARS_MAX = 64;

    private VectorRequests() {}

    public static EmbeddingRequest embeddings(Json body, RequestLimits limits)
            throws InvalidRequest {
        var fields = Fields.of(body, "");
        var model = CommonFields.model(fields);
        var input = Inputs.read(fields.required("input"), "input", limits);
        var encoding = fields.text("encoding_format", WORD_CHARS_MAX).orElse("float");
        if (!encoding.equals("float") && !encoding.equals("base64")) {
            throw new InvalidRequest(
                    "encoding_format",
                    "encoding_format is '%s'; float and base64 are served".formatted(encoding));
        }
        var dimensions = fields.integer("dimensions", 1, DIMENSIONS_MAX);
        return new EmbeddingRequest(
                model, input, encoding.equals("base64"), dimensions, fields.rest());
    }

    public static RerankRequest rerank(Json body, RequestLimits limits) throws InvalidRequest {
        var fields = Fields.of(body, "");
        var model = CommonFields.model(fields);
        var query = fields.requiredText("query", CommonFields.TEXT_CHARS_MAX);
        fields.required("documents");
        var documents = new ArrayList<String>();
        for (var document : fields.list("documents", limits.inputsMax())) {
            documents.add(document(document, "documents[" + documents.size() + "]"));
        }
        if (documents.isEmpty()) {
            throw new InvalidRequest("documents", "documents must not be empty");
        }
        var top = fields.integer("top_n", 0, Integer.MAX_VALUE);
        boolean returned = fields.flag("return_documents", true);
        return new RerankRequest(model, query, documents, top, returned, fields.rest());
    }

    /** Cohere's second version sends objects, its first and Jina's send strings. */
    private static String document(Json document, String path) throws InvalidRequest {
        return document instanceof Json.Obj
                ? Fields.of(document, path).requiredText("text", CommonFields.TEXT_CHARS_MAX)
                : Fields.text(document, path, CommonFields.TEXT_CHARS_MAX);
    }

    public static ScoreRequest score(Json body, RequestLimits limits) throws InvalidRequest {
        var fields = Fields.of(body, "");
        var model = CommonFields.model(fields);
        var leftName = fields.has("queries") ? "queries" : "text_1";
        var rightName = fields.has("documents") ? "documents" : "text_2";
        fields.required(leftName);
        fields.required(rightName);
        var left = fields.texts(leftName, limits.inputsMax(), CommonFields.TEXT_CHARS_MAX);
        var right = fields.texts(rightName, limits.inputsMax(), CommonFields.TEXT_CHARS_MAX);
        if (left.isEmpty() || right.isEmpty() || (left.size() > 1 && left.size() != right.size())) {
            throw new InvalidRequest(
                    rightName,
                    "%s has %d texts and %s has %d; one against many, or equally many, can be scored"
                            .formatted(leftName, left.size(), rightName, right.size()));
        }
        return new ScoreRequest(model, pairs(left, right), fields.rest());
    }

    private static List<ScoreRequest.Pair> pairs(List<String> left, List<String> right) {
        var pairs = new ArrayList<ScoreRequest.Pair>();
        for (int i = 0; i < right.size(); i++) {
            pairs.add(new ScoreRequest.Pair(left.get(left.size() == 1 ? 0 : i), right.get(i)));
        }
        return pairs;
    }
}
