package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.util.List;
import java.util.Map;

/** A booster behind the seam; answers what KServe's LightGBM server answers. */
final class LightgbmModel implements LoadedModel {
    private static final String OUTPUT = "output-0";

    /** 512 MiB: a small request must not become a large answer. */
    private static final long ANSWER_NUMBERS_MAX = 1L << 26;

    private final Booster booster;
    private final Intake intake;
    private final ModelMetadata metadata;

    LightgbmModel(Booster booster) {
        this.booster = booster;
        this.intake = new Intake(booster);
        this.metadata =
                new ModelMetadata(
                        "lightgbm",
                        List.of(TensorSpec.of(Intake.INPUT, Datatype.FP64, -1, booster.columns())),
                        List.of(output(booster.width())),
                        booster.names(),
                        List.of(Method.PREDICT),
                        Map.of(
                                "objective", booster.objective(),
                                "iterations", String.valueOf(booster.iterations()),
                                "text_version", booster.version()));
    }

    private static TensorSpec output(int width) {
        return width == 1
                ? TensorSpec.of(OUTPUT, Datatype.FP64, -1)
                : TensorSpec.of(OUTPUT, Datatype.FP64, -1, width);
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
        check(asked);
        var rows = intake.read(inputs);
        int width = booster.width();
        int count = rows.length / booster.columns();
        if (count > ANSWER_NUMBERS_MAX / width) {
            throw new BadInput(
                    "inputs",
                    "may have at most %d rows, have %d"
                            .formatted(ANSWER_NUMBERS_MAX / width, count));
        }
        int[] shape = width == 1 ? new int[] {count} : new int[] {count, width};
        return List.of(Tensor.of(OUTPUT, shape, booster.predict(rows, count)));
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
                    "is not what this model answers; it answers predict");
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
