package dev.marea.server.grpc;

import dev.marea.server.config.Batching;
import dev.marea.server.config.ModelConfig;
import dev.marea.server.config.VersionPolicy;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.wire.proto.inference.DataType;
import dev.marea.wire.proto.inference.ModelDynamicBatching;
import dev.marea.wire.proto.inference.ModelInput;
import dev.marea.wire.proto.inference.ModelInstanceGroup;
import dev.marea.wire.proto.inference.ModelOutput;
import dev.marea.wire.proto.inference.ModelParameter;
import dev.marea.wire.proto.inference.ModelVersionPolicy;
import java.util.List;

/** A model's configuration, as Triton would write it. */
final class Configs {
    private Configs() {}

    /**
     * Where nothing was said of batches, max_batch_size is 0 and the batch dimension stands in the
     * shapes: Triton's words for a model that takes batches as they are sent.
     */
    static dev.marea.wire.proto.inference.ModelConfig of(
            String name, ModelMetadata metadata, ModelConfig config, boolean streams) {
        var answer =
                dev.marea.wire.proto.inference.ModelConfig.newBuilder()
                        .setName(name)
                        .setPlatform(metadata.platform())
                        .setBackend(config.backend().orElse(metadata.platform()))
                        .setVersionPolicy(policy(config.versions()));
        int rowsMax = rowsMax(metadata, config.batching());
        int skipped = rowsMax > 0 ? 1 : 0;
        for (var spec : metadata.inputs()) {
            answer.addInput(
                    ModelInput.newBuilder()
                            .setName(spec.name())
                            .setDataType(type(spec.datatype()))
                            .addAllDims(dims(spec, skipped)));
        }
        for (var spec : metadata.outputs()) {
            answer.addOutput(
                    ModelOutput.newBuilder()
                            .setName(spec.name())
                            .setDataType(type(spec.datatype()))
                            .addAllDims(dims(spec, skipped)));
        }
        answer.addInstanceGroupBuilder()
                .setName(name)
                .setCount(config.instances().orElse(1))
                .setKind(ModelInstanceGroup.Kind.KIND_CPU);
        if (rowsMax > 0) {
            answer.setMaxBatchSize(rowsMax).setDynamicBatching(batching(config.batching()));
        }
        metadata.facts()
                .forEach((fact, value) ->
                        answer.putParameters(
                                fact, ModelParameter.newBuilder().setStringValue(value).build()));
        answer.getModelTransactionPolicyBuilder().setDecoupled(streams);
        return answer.build();
    }

    /** 0 where requests are not said to be joined, or the tensors have no dimension for it. */
    private static int rowsMax(ModelMetadata metadata, Batching batching) {
        int most = batching.rowsMax().orElse(0);
        return most > 1 && areBatched(metadata.inputs()) && areBatched(metadata.outputs())
                ? most
                : 0;
    }

    private static boolean areBatched(List<TensorSpec> specs) {
        return specs.stream().allMatch(s -> !s.shape().isEmpty() && s.shape().getFirst() == -1);
    }

    private static List<Long> dims(TensorSpec spec, int skipped) {
        return spec.shape().stream().skip(skipped).map(Integer::longValue).toList();
    }

    private static ModelDynamicBatching batching(Batching batching) {
        return ModelDynamicBatching.newBuilder()
                .addAllPreferredBatchSize(batching.preferred())
                .setMaxQueueDelayMicroseconds(batching.delay().toNanos() / 1_000)
                .build();
    }

    private static ModelVersionPolicy policy(VersionPolicy versions) {
        var policy = ModelVersionPolicy.newBuilder();
        switch (versions) {
            case VersionPolicy.Latest(int count) -> policy.getLatestBuilder().setNumVersions(count);
            case VersionPolicy.All() -> policy.getAllBuilder();
            case VersionPolicy.Specific(var numbers) ->
                    policy.getSpecificBuilder().addAllVersions(numbers);
        }
        return policy.build();
    }

    static DataType type(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> DataType.TYPE_BOOL;
            case INT8 -> DataType.TYPE_INT8;
            case INT16 -> DataType.TYPE_INT16;
            case INT32 -> DataType.TYPE_INT32;
            case INT64 -> DataType.TYPE_INT64;
            case UINT8 -> DataType.TYPE_UINT8;
            case UINT16 -> DataType.TYPE_UINT16;
            case UINT32 -> DataType.TYPE_UINT32;
            case UINT64 -> DataType.TYPE_UINT64;
            case FP16 -> DataType.TYPE_FP16;
            case BF16 -> DataType.TYPE_BF16;
            case FP32 -> DataType.TYPE_FP32;
            case FP64 -> DataType.TYPE_FP64;
            case BYTES -> DataType.TYPE_STRING;
        };
    }
}
