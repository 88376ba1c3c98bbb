package dev.marea.server.grpc;

import dev.marea.server.models.ModelStatistics.Batch;
import dev.marea.server.models.ModelStatistics.Requests;
import dev.marea.server.models.ModelStatistics.Total;
import dev.marea.wire.proto.inference.InferBatchStatistics;
import dev.marea.wire.proto.inference.InferStatistics;
import dev.marea.wire.proto.inference.ModelStatistics;
import dev.marea.wire.proto.inference.StatisticDuration;

/** What a model has done, in the protocol's words. */
final class Statistics {
    private Statistics() {}

    static ModelStatistics of(dev.marea.server.models.ModelStatistics model) {
        var answer =
                ModelStatistics.newBuilder()
                        .setName(model.name())
                        .setVersion(model.version())
                        .setLastInference(model.lastInferenceMs())
                        .setInferenceCount(model.inferenceCount())
                        .setExecutionCount(model.executionCount())
                        .setInferenceStats(requests(model.requests()));
        model.batches().forEach(batch -> answer.addBatchStats(batch(batch)));
        return answer.build();
    }

    private static InferStatistics requests(Requests requests) {
        return InferStatistics.newBuilder()
                .setSuccess(total(requests.success()))
                .setFail(total(requests.fail()))
                .setQueue(total(requests.queue()))
                .setComputeInput(total(requests.computeInput()))
                .setComputeInfer(total(requests.computeInfer()))
                .setComputeOutput(total(requests.computeOutput()))
                .setCacheHit(total(requests.cacheHit()))
                .setCacheMiss(total(requests.cacheMiss()))
                .build();
    }

    private static InferBatchStatistics batch(Batch batch) {
        return InferBatchStatistics.newBuilder()
                .setBatchSize(batch.rows())
                .setComputeInput(total(batch.computeInput()))
                .setComputeInfer(total(batch.computeInfer()))
                .setComputeOutput(total(batch.computeOutput()))
                .build();
    }

    private static StatisticDuration total(Total total) {
        return StatisticDuration.newBuilder().setCount(total.count()).setNs(total.nanos()).build();
    }
}
