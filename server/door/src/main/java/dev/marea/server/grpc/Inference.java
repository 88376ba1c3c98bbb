package dev.marea.server.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.marea.server.models.ModelState;
import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.wire.proto.inference.ModelConfigRequest;
import dev.marea.wire.proto.inference.ModelConfigResponse;
import dev.marea.wire.proto.inference.ModelMetadataRequest;
import dev.marea.wire.proto.inference.ModelMetadataResponse;
import dev.marea.wire.proto.inference.ModelReadyRequest;
import dev.marea.wire.proto.inference.ModelReadyResponse;
import dev.marea.wire.proto.inference.ModelStatisticsRequest;
import dev.marea.wire.proto.inference.ModelStatisticsResponse;
import dev.marea.wire.proto.inference.RepositoryIndexRequest;
import dev.marea.wire.proto.inference.RepositoryIndexResponse;
import dev.marea.wire.proto.inference.RepositoryModelLoadRequest;
import dev.marea.wire.proto.inference.RepositoryModelLoadResponse;
import dev.marea.wire.proto.inference.RepositoryModelUnloadRequest;
import dev.marea.wire.proto.inference.RepositoryModelUnloadResponse;
import dev.marea.wire.proto.inference.ServerLiveRequest;
import dev.marea.wire.proto.inference.ServerLiveResponse;
import dev.marea.wire.proto.inference.ServerMetadataRequest;
import dev.marea.wire.proto.inference.ServerMetadataResponse;
import dev.marea.wire.proto.inference.ServerReadyRequest;
import dev.marea.wire.proto.inference.ServerReadyResponse;
import java.util.List;
import java.util.Optional;

/** The inference service's questions: all of it but predictions. */
final class Inference {
    static final String SERVICE = "inference.GRPCInferenceService";
    private static final String PATH = "/" + SERVICE + "/";
    static final String INFER = PATH + "ModelInfer";
    static final String STREAM = PATH + "ModelStreamInfer";

    private static final String NAME = "marea-server";
    private static final String VERSION = "0.1.0";

    /** KServe's name for the repository extension, and Triton's names of what we have of its. */
    private static final List<String> EXTENSIONS =
            List.of(
                    "model_repository_extension",
                    "model_repository",
                    "model_configuration",
                    "binary_tensor_data",
                    "parameters",
                    "statistics");

    private static final String FILE = "file:";

    private final Models models;
    private final GrpcService service;

    Inference(Models models, GrpcService service) {
        this.models = models;
        this.service = service;
    }

    /** Only what is asked is loaded: hence no table of all methods. */
    Optional<Rpc> open(Caller caller) {
        var method = caller.head().method();
        if (!method.startsWith(PATH)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                switch (method.substring(PATH.length())) {
                    case "ServerLive" -> here(caller, ServerLiveRequest.parser(), _ -> live());
                    case "ServerReady" -> here(caller, ServerReadyRequest.parser(), _ -> ready());
                    case "ServerMetadata" ->
                            here(caller, ServerMetadataRequest.parser(), _ -> metadata());
                    case "ModelReady" -> here(caller, ModelReadyRequest.parser(), this::ready);
                    case "ModelMetadata" ->
                            here(caller, ModelMetadataRequest.parser(), this::metadata);
                    case "ModelConfig" -> here(caller, ModelConfigRequest.parser(), this::config);
                    case "ModelStatistics" ->
                            here(caller, ModelStatisticsRequest.parser(), this::statistics);
                    case "RepositoryIndex" ->
                            here(caller, RepositoryIndexRequest.parser(), this::index);
                    case "RepositoryModelLoad" ->
                            errand(caller, RepositoryModelLoadRequest.parser(), this::load);
                    case "RepositoryModelUnload" ->
                            errand(caller, RepositoryModelUnloadRequest.parser(), this::unload);
                    default -> null;
                });
    }

    private <Q extends MessageLite, A extends MessageLite> Rpc here(
            Caller caller, Parser<Q> questions, Unary.Answers<Q, A> answers) {
        return new Unary<>(caller, service.predictions(), questions, answers, Unary.HERE);
    }

    private <Q extends MessageLite, A extends MessageLite> Rpc errand(
            Caller caller, Parser<Q> questions, Unary.Answers<Q, A> answers) {
        return new Unary<>(caller, service.predictions(), questions, answers, service::errand);
    }

    /** What Triton has beyond this gets a word of explanation. */
    static String whyNot(String method) {
        if (method.startsWith(PATH)) {
            var name = method.substring(PATH.length());
            if (name.contains("SharedMemory")) {
                return name + ": shared memory is not offered; send tensors in the request.";
            }
            if (name.equals("TraceSetting") || name.equals("LogSettings")) {
                return name + ": tracing and logging are set when the server starts.";
            }
        }
        return "There is no method " + method + " here.";
    }

    private static ServerLiveResponse live() {
        return ServerLiveResponse.newBuilder().setLive(true).build();
    }

    private ServerReadyResponse ready() {
        return ServerReadyResponse.newBuilder().setReady(models.isReady()).build();
    }

    private static ServerMetadataResponse metadata() {
        return ServerMetadataResponse.newBuilder()
                .setName(NAME)
                .setVersion(VERSION)
                .addAllExtensions(EXTENSIONS)
                .build();
    }

    private ModelReadyResponse ready(ModelReadyRequest asked) throws Refused {
        boolean ready = models.isReady(asked.getName(), version(asked.getVersion()));
        return ModelReadyResponse.newBuilder().setReady(ready).build();
    }

    private ModelMetadataResponse metadata(ModelMetadataRequest asked) throws Refused {
        var metadata = models.metadata(asked.getName(), version(asked.getVersion()));
        var answer =
                ModelMetadataResponse.newBuilder()
                        .setName(asked.getName())
                        .addAllVersions(models.versions(asked.getName()))
                        .setPlatform(metadata.platform());
        metadata.inputs().forEach(input -> answer.addInputs(spec(input)));
        metadata.outputs().forEach(output -> answer.addOutputs(spec(output)));
        return answer.build();
    }

    private static ModelMetadataResponse.TensorMetadata spec(TensorSpec spec) {
        var answer =
                ModelMetadataResponse.TensorMetadata.newBuilder()
                        .setName(spec.name())
                        .setDatatype(spec.datatype().name());
        spec.shape().forEach(answer::addShape);
        return answer.build();
    }

    private ModelConfigResponse config(ModelConfigRequest asked) throws Refused {
        var name = asked.getName();
        var version = version(asked.getVersion());
        var metadata = models.metadata(name, version);
        return ModelConfigResponse.newBuilder()
                .setConfig(
                        Configs.of(
                                name,
                                metadata,
                                models.config(name, version),
                                streams(name, version)))
                .build();
    }

    private boolean streams(String name, Optional<String> version) throws Refused {
        var lease = models.lease(name, version);
        if (lease.isEmpty()) {
            return false;
        }
        try (var model = lease.get()) {
            return model.loaded().streams();
        }
    }

    private ModelStatisticsResponse statistics(ModelStatisticsRequest asked) throws Refused {
        var all =
                asked.getName().isEmpty()
                        ? models.statistics()
                        : models.statistics(asked.getName(), version(asked.getVersion()));
        var answer = ModelStatisticsResponse.newBuilder();
        all.forEach(one -> answer.addModelStats(Statistics.of(one)));
        return answer.build();
    }

    private RepositoryIndexResponse index(RepositoryIndexRequest asked) {
        var answer = RepositoryIndexResponse.newBuilder();
        for (var model : models.index()) {
            if (!asked.getReady() || model.state() == ModelState.State.READY) {
                answer.addModelsBuilder()
                        .setName(model.name())
                        .setVersion(model.version())
                        .setState(model.state().name())
                        .setReason(model.reason());
            }
        }
        return answer.build();
    }

    private RepositoryModelLoadResponse load(RepositoryModelLoadRequest asked) throws Refused {
        for (var parameter : asked.getParametersMap().keySet()) {
            if (parameter.startsWith(FILE)) {
                throw new Refused(
                        Refused.Why.NOT_IMPLEMENTED,
                        "Models are loaded from the repository's directory; '%s' is not taken."
                                .formatted(parameter));
            }
        }
        var name = name(asked.getModelName(), asked.getRepositoryName());
        models.load(name);
        return RepositoryModelLoadResponse.newBuilder()
                .setModelName(name)
                .setIsLoaded(true)
                .build();
    }

    private RepositoryModelUnloadResponse unload(RepositoryModelUnloadRequest asked)
            throws Refused {
        var name = name(asked.getModelName(), asked.getRepositoryName());
        models.unload(name);
        return RepositoryModelUnloadResponse.newBuilder()
                .setModelName(name)
                .setIsUnloaded(true)
                .build();
    }

    /** KServe's clients send the model's name where Triton's send a repository's. */
    private static String name(String model, String repository) {
        return model.isEmpty() ? repository : model;
    }

    static Optional<String> version(String version) {
        return version.isEmpty() ? Optional.empty() : Optional.of(version);
    }
}
