package dev.marea.server.llama.door;

import dev.marea.wire.http.Handler;
import dev.marea.wire.http.Request;
import dev.marea.wire.http.Response;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.llm.openai.ApiError;
import dev.marea.wire.llm.openai.ChatRequests;
import dev.marea.wire.llm.openai.CompletionRequests;
import dev.marea.wire.llm.openai.ModelCard;
import dev.marea.wire.llm.openai.TokenRequests;
import dev.marea.wire.llm.openai.VectorRequests;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Every path that this server answers. */
final class LlmHandler implements Handler {
    private static final String OPENAI = "/openai";
    private static final String MODELS = "/v1/models";
    private static final String V2_MODELS = "/v2/models/";

    private final Supplier<Optional<Calls>> calls;
    private final LlmMetrics metrics;
    private final RequestLimits limits;
    private final String version;

    /**
     * @param calls none while the model is loading
     */
    LlmHandler(
            Supplier<Optional<Calls>> calls,
            LlmMetrics metrics,
            RequestLimits limits,
            String version) {
        this.calls = calls;
        this.metrics = metrics;
        this.limits = limits;
        this.version = version;
    }

    /** What a loaded model can be asked. */
    record Calls(
            Served served,
            ChatCall chat,
            CompletionCall completion,
            VectorCalls vectors,
            TokenCalls tokens) {}

    @Override
    public void handle(Request request, Response response)
            throws IOException, InterruptedException {
        try {
            answer(request, response);
        } catch (ApiTrouble trouble) {
            Answers.error(response, trouble.error());
        } catch (InvalidRequest invalid) {
            Answers.error(response, ApiError.badRequest(invalid));
        } catch (JsonReader.MalformedJson malformed) {
            Answers.error(
                    response, ApiError.of(400, "the body is no JSON: " + malformed.getMessage()));
        }
    }

    private void answer(Request request, Response response)
            throws ApiTrouble, InvalidRequest, IOException, InterruptedException {
        var path = path(request.path());
        switch (request.method()) {
            case "GET", "HEAD" -> get(path, response);
            case "POST" -> post(path, request, response);
            default ->
                    throw new ApiTrouble(
                            ApiError.of(405, request.method() + " is not served; use GET or POST"));
        }
    }

    /** KServe's LLM servers have their paths below /openai as well. */
    private static String path(String path) {
        return path.startsWith(OPENAI + "/") ? path.substring(OPENAI.length()) : path;
    }

    private void get(String path, Response response) throws ApiTrouble, IOException {
        switch (path) {
            case "/health", "/ping", "/v2/health/ready" -> ready(response);
            case "/v2/health/live", "/" -> live(response);
            case "/version" -> Answers.json(response, 200, Json.Obj.of("version", version));
            case "/load" -> Answers.json(response, 200, Json.Obj.of("server_load", metrics.load()));
            case "/metrics" ->
                    response.send(
                            200, Map.of("content-type", LlmMetrics.CONTENT_TYPE), metrics.text());
            case MODELS -> {
                var cards = loaded().served().cards();
                Answers.json(response, 200, ModelCard.list(cards));
            }
            default -> {
                if (path.startsWith(MODELS + "/")) {
                    model(path.substring(MODELS.length() + 1), response);
                } else if (path.startsWith(V2_MODELS) && path.endsWith("/ready")) {
                    ready(response);
                } else {
                    throw notFound(path);
                }
            }
        }
    }

    private void ready(Response response) throws IOException {
        boolean ready = calls.get().filter(c -> c.served().engine().isReady()).isPresent();
        Answers.json(response, ready ? 200 : 503, Json.Obj.of("ready", ready));
    }

    /** An engine that is started again is alive; one that has given up is not. */
    private void live(Response response) throws IOException {
        boolean live = calls.get().filter(c -> c.served().engine().isOver()).isEmpty();
        Answers.json(response, live ? 200 : 503, Json.Obj.of("live", live));
    }

    private void model(String name, Response response) throws ApiTrouble, IOException {
        var card =
                loaded().served().cards().stream()
                        .filter(c -> c.id().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new ApiTrouble(ApiError.noSuchModel(name)));
        Answers.json(response, 200, card.json());
    }

    private void post(String path, Request request, Response response)
            throws ApiTrouble, InvalidRequest, IOException, InterruptedException {
        switch (path) {
            case "/v1/chat/completions" ->
                    loaded().chat().answer(ChatRequests.read(body(request), limits), response);
            case "/v1/completions" ->
                    loaded().completion()
                            .answer(CompletionRequests.read(body(request), limits), response);
            case "/v1/embeddings" ->
                    loaded().vectors()
                            .embeddings(VectorRequests.embeddings(body(request), limits), response);
            case "/rerank", "/v1/rerank", "/v2/rerank" ->
                    loaded().vectors()
                            .rerank(VectorRequests.rerank(body(request), limits), response);
            case "/score", "/v1/score" ->
                    loaded().vectors().score(VectorRequests.score(body(request), limits), response);
            case "/tokenize", "/v1/tokenize" ->
                    loaded().tokens()
                            .tokenize(TokenRequests.tokenize(body(request), limits), response);
            case "/detokenize", "/v1/detokenize" ->
                    loaded().tokens().detokenize(TokenRequests.detokenize(body(request)), response);
            default -> throw notFound(path);
        }
    }

    private static ApiTrouble notFound(String path) {
        return new ApiTrouble(ApiError.of(404, "there is nothing at " + path));
    }

    private static Json body(Request request) throws JsonReader.MalformedJson {
        return JsonReader.read(request.body());
    }

    private Calls loaded() throws ApiTrouble {
        return calls.get()
                .orElseThrow(() -> new ApiTrouble(ApiError.of(503, "the model is being loaded")));
    }
}
