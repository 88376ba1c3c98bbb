package dev.marea.server;

import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.wire.json.Json;
import java.util.List;

/** Answers what needs no prediction: life, readiness, metadata, metrics, and refusals of paths. */
final class Questions {
    private static final String NAME = "marea-server";
    private static final String VERSION = "0.1.0";

    private final ServedModel model;
    private final ServerMetrics metrics;

    Questions(ServedModel model, ServerMetrics metrics) {
        this.model = model;
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
                    checkKnown(name);
                    throw new Refused(501, "Model " + name + " gives no explanations.");
                }
                case Route.Versioned() ->
                        throw new Refused(501, "Model versioning not supported yet.");
                case Route.WrongMethod(var allow) ->
                        Reply.error(405, "This path takes " + allow + " only.")
                                .with("allow", allow);
                case Route.Unknown(var path) ->
                        throw new Refused(404, "There is nothing at " + path + " here.");
            };
        } catch (Refused refused) {
            return refused.reply();
        }
    }

    private Reply plain(Route.Plain plain) {
        return switch (plain) {
            case ALIVE -> Reply.ok("status", "alive");
            case METRICS -> metrics.scrape();
            case V1_MODELS, V2_MODELS -> Reply.ok("models", List.of(model.name()));
            case V2_SERVER -> Reply.ok("name", NAME, "version", VERSION, "extensions", List.of());
            case V2_LIVE -> Reply.ok("live", true);
            case V2_READY ->
                    model.isReady()
                            ? Reply.ok("ready", true)
                            : Reply.json(503, Reply.ok("ready", false).body());
        };
    }

    private Reply metadata(String name) throws Refused {
        checkKnown(name);
        var loaded = model.loaded();
        if (loaded.isEmpty()) {
            throw Refused.notReady(name);
        }
        ModelMetadata facts = loaded.get().metadata();
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

    void checkKnown(String name) throws Refused {
        if (!name.equals(model.name())) {
            throw Refused.noModel(name);
        }
    }

    private void checkReady(String name) throws Refused {
        checkKnown(name);
        if (!model.isReady()) {
            throw Refused.notReady(name);
        }
    }
}
