package dev.marea.server.rest;

import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.ServerMetrics;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** Answers what needs no prediction: life, readiness, metadata, metrics, and refusals of paths. */
final class Questions {
    private static final String NAME = "marea-server";
    private static final String VERSION = "0.1.0";

    private final Models models;
    private final ServerMetrics metrics;

    Questions(Models models, ServerMetrics metrics) {
        this.models = models;
        this.metrics = metrics;
    }

    Reply answer(Route.Question question) {
        try {
            return switch (question) {
                case Route.Plain plain -> plain(plain);
                case Route.V1Model(var name) -> {
                    checkReady(name);
                    yield Reply.ok("name", name, "ready", true);
                }
                case Route.V2ModelReady(var name) -> {
                    checkReady(name);
                    yield Reply.ok("name", name, "ready", true);
                }
                case Route.V2Model(var name) -> metadata(name);
                case Route.Explain(var name) -> {
                    models.isReady(name, Optional.empty());
                    throw new Refused(
                            Refused.Why.NOT_IMPLEMENTED,
                            "Model " + name + " gives no explanations.");
                }
                case Route.Versioned() ->
                        throw new Refused(
                                Refused.Why.NOT_IMPLEMENTED, "Model versioning not supported yet.");
                case Route.WrongMethod(var allow) ->
                        Reply.error(405, "This path takes " + allow + " only.")
                                .with("allow", allow);
                case Route.Unknown(var path) ->
                        throw new Refused(
                                Refused.Why.NOT_FOUND, "There is nothing at " + path + " here.");
            };
        } catch (Refused refused) {
            return Reply.of(refused);
        }
    }

    private Reply plain(Route.Plain plain) {
        return switch (plain) {
            case ALIVE -> Reply.ok("status", "alive");
            case METRICS -> new Reply(200, ServerMetrics.CONTENT_TYPE, List.of(), metrics.scrape());
            case V1_MODELS, V2_MODELS -> Reply.ok("models", models.names());
            case V2_SERVER -> Reply.ok("name", NAME, "version", VERSION, "extensions", List.of());
            case V2_LIVE -> Reply.ok("live", true);
            case V2_READY ->
                    models.isReady()
                            ? Reply.ok("ready", true)
                            : Reply.json(503, Reply.ok("ready", false).body());
        };
    }

    private Reply metadata(String name) throws Refused {
        var facts = models.metadata(name, Optional.empty());
        return Reply.ok(
                "name",
                name,
                "platform",
                facts.platform(),
                "inputs",
                specs(facts.inputs()),
                "outputs",
                specs(facts.outputs()));
    }

    private static Json specs(List<TensorSpec> specs) {
        return Json.of(
                specs.stream()
                        .map(spec ->
                                Json.Obj.of(
                                        "name",
                                        spec.name(),
                                        "datatype",
                                        spec.datatype().name(),
                                        "shape",
                                        spec.shape()))
                        .toList());
    }

    private void checkReady(String name) throws Refused {
        if (!models.isReady(name, Optional.empty())) {
            throw Refused.notReady(name);
        }
    }
}
