package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A booster behind the seam; it answers as KServe's XGBoost server does. */
final class XgboostModel implements LoadedModel {
    private static final String INPUT = "input-0";
    private static final String OUTPUT = "output-0";

    /** 256 MiB: a small request must not become a large answer. */
    private static final int ANSWER_NUMBERS_MAX = 1 << 26;

    private final Booster booster;
    private final BoosterRows rows;
    private final ModelMetadata metadata;

    XgboostModel(Booster booster) {
        this.booster = booster;
        this.rows = new BoosterRows(booster.parts());
        this.metadata =
                new ModelMetadata(
                        "xgboost",
                        List.of(TensorSpec.of(INPUT, Datatype.FP32, -1, booster.columns())),
                        List.of(
                                booster.answers() == 1
                                        ? TensorSpec.of(OUTPUT, Datatype.FP32, -1)
                                        : TensorSpec.of(
                                                OUTPUT, Datatype.FP32, -1, booster.answers())),
                        booster.names(),
                        List.of(Method.PREDICT),
                        facts(booster));
    }

    private static Map<String, String> facts(Booster booster) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("xgboost_version", booster.parts().version().toString());
        facts.put("booster", booster.kind());
        facts.put("objective", booster.objective());
        if (!booster.kind().equals("gblinear")) {
            facts.put("trees", String.valueOf(booster.trees()));
        }
        return facts;
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
        check(asked);
        int count = rows.count(inputs);
        int widest = Math.max(booster.outputs(), 1);
        if (count > ANSWER_NUMBERS_MAX / widest) {
            throw new BadInput(
                    inputs.getFirst().name(),
                    "may have at most %d rows for this model, has %d"
                            .formatted(ANSWER_NUMBERS_MAX / widest, count));
        }
        var answers = booster.predict(rows.of(inputs, count), count);
        int width = booster.answers();
        var shape = width == 1 ? new int[] {count} : new int[] {count, width};
        return List.of(Tensor.of(OUTPUT, shape, answers));
    }

    private static void check(Asked asked) throws BadInput {
        for (var output : asked.outputs()) {
            if (!output.equals(OUTPUT)) {
                throw new BadInput("outputs", "has '" + output + "'; the model gives " + OUTPUT);
            }
        }
        if (asked.method().isPresent() && asked.method().get() != Method.PREDICT) {
            throw new BadInput(
                    asked.method().get().wireName(),
                    "is not what a booster answers; it answers predict");
        }
    }

    @Override
    public long bytes() {
        return booster.bytes();
    }

    @Override
    public void close() {
        // Nothing but arrays.
    }
}
