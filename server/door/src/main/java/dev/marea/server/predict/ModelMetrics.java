package dev.marea.server.predict;

import dev.marea.server.models.Tally;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;

/** One model's own series; found once, since finding them costs more than counting. */
record ModelMetrics(
        DistributionDataPoint preprocess,
        DistributionDataPoint predict,
        DistributionDataPoint postprocess,
        DistributionDataPoint queue,
        DistributionDataPoint request,
        DistributionDataPoint batch,
        CounterDataPoint failures) {
    private static final double NANOS = 1e9;

    /** One request was answered. */
    void answered(long queued, Tally.Times times) {
        preprocess.observe(times.input() / NANOS);
        predict.observe(times.infer() / NANOS);
        postprocess.observe(times.output() / NANOS);
        queue.observe(queued / NANOS);
        request.observe((queued + times.input() + times.infer() + times.output()) / NANOS);
    }

    /** The model ran once, for so many rows. */
    void ran(int rows) {
        batch.observe(rows);
    }

    void failed() {
        failures.inc();
    }
}
