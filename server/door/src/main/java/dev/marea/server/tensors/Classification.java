package dev.marea.server.tensors;

import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Tensor;
import java.util.Arrays;
import java.util.Comparator;

/** Triton's classification: the highest values of an output, each as {@code value:index}. */
public final class Classification {
    private Classification() {}

    /** Of each row, where there are rows; equal values in the order of their places. */
    public static Tensor top(Tensor output, int count) throws Refused {
        if (output.datatype() == Datatype.BYTES) {
            throw Refused.badInput(
                    "output '" + output.name() + "' holds text; only numbers can be classified");
        }
        int rows = output.rank() < 2 ? 1 : output.rows();
        int width = rows == 0 ? 0 : output.elements().length() / rows;
        int taken = Math.min(count, width);
        var texts = new String[rows * taken];
        for (int row = 0; row < rows; row++) {
            var places = places(output, row * width, width);
            for (int i = 0; i < taken; i++) {
                texts[row * taken + i] =
                        Numbers.text(output, row * width + places[i]) + ":" + places[i];
            }
        }
        int[] shape = output.rank() < 2 ? new int[] {taken} : new int[] {rows, taken};
        return Tensor.of(output.name(), shape, texts);
    }

    /** The places of a row, highest value first; what is no number comes last. */
    private static Integer[] places(Tensor output, int from, int width) {
        var places = new Integer[width];
        Arrays.setAll(places, i -> i);
        Arrays.sort(
                places,
                Comparator.comparingDouble((Integer place) -> -number(output, from + place)));
        return places;
    }

    private static double number(Tensor output, int i) {
        double value = Numbers.at(output, i);
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
    }
}
