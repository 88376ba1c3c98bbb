package dev.marea.server.rest;

import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.ServerMetrics;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.json.Json;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;

/** Answers what needs no prediction: life, readiness, metadata, metrics, documentation. */
final class Questions {
    private static final String NAME = "marea-server";
    private static final String VERSION = "0.1.0";

    /** KServe's name for the repository extension, and Triton's names of what we have of its. */
    private static final List<String> EXTENSIONS =
            List.of(
                    "model_repository_extension",
                    "model_repository",
                    "model_configuration",
                    "binary_tensor_data",
                    "classification",
                    "parameters",
                    "statistics",
                    "generate");

    private final Models models;
    private final ServerMetrics metrics;

    Questions(Models models, ServerMetrics metrics) {
        this.models = models;
        this.metrics = metrics;
    }

    Reply answer(Route.To to, CheckedRequest request) throws Refused {
        return switch (to.endpoint()) {
            case ALIVE -> Reply.ok("status", "alive");
            case METRICS -> Reply.of(200, ServerMetrics.CONTENT_TYPE, metrics.scrape());
            case OPENAPI -> Reply.json(OpenApi.of(models));
            case DOCS, REDOC ->
                    DocsPage.of(models, request.headers().get(HttpHeaderNames.HOST, "localhost"));
            case V1_MODELS, V2_MODELS -> Reply.ok("models", models.names());
            case V2_SERVER -> Reply.ok("name", NAME, "version", VERSION, "extensions", EXTENSIONS);
            case V2_LIVE -> Reply.ok("live", true);
            case V2_READY -> ready(models.isReady(), Json.Obj.of("ready", models.isReady()));
            case V1_MODEL, V2_MODEL_READY -> modelReady(to);
            case V2_MODEL ->
                    Reply.json(
                            ModelFacts.metadata(
                                    to.model(),
                                    models.versions(to.model()),
                                    models.metadata(to.model(), to.version())));
            case V2_ALL_STATISTICS -> Reply.json(ModelFacts.statistics(models.statistics()));
            case V2_STATISTICS ->
                    Reply.json(ModelFacts.statistics(models.statistics(to.model(), to.version())));
            case V2_CONFIG ->
                    Reply.json(
                            ModelFacts.config(
                                    to.model(),
                                    models.config(to.model(), to.version()),
                                    models.metadata(to.model(), to.version())));
            case V1_PREDICT,
                    V1_EXPLAIN,
                    V2_INFER,
                    V2_INFER_STREAM,
                    V2_GENERATE,
                    V2_GENERATE_STREAM,
                    INDEX,
                    LOAD,
                    UNLOAD ->
                    throw new AssertionError(to.endpoint());
        };
    }

    private Reply modelReady(Route.To to) throws Refused {
        if (!models.isReady(to.model(), to.version())) {
            throw Refused.notReady(to.model());
        }
        return Reply.ok("name", to.model(), "ready", true);
    }

    private static Reply ready(boolean ready, Json body) {
        var reply = Reply.json(body);
        return ready ? reply : new Reply(503, reply.contentType(), List.of(), reply.body());
    }
}
