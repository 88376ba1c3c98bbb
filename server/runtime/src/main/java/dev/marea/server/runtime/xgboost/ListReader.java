package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.xgboost.Value.Items;
import dev.marea.server.runtime.xgboost.Value.Reals;
import dev.marea.server.runtime.xgboost.Value.Scalar;
import dev.marea.server.runtime.xgboost.Value.Wholes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the elements of a list in the narrowest array that holds them: whole numbers, else
 * reals, else values of any kind.
 */
final class ListReader {
    private static final int FIRST_ROOM = 16;

    private int count;
    private int @Nullable [] wholes = new int[FIRST_ROOM];
    private float @Nullable [] reals;
    private @Nullable List<Value> others;

    void whole(long number) {
        if (wholes != null && number == (int) number) {
            wholes = grown(wholes);
            wholes[count++] = (int) number;
        } else {
            real((float) number);
        }
    }

    void real(float number) {
        if (others != null) {
            others.add(new Scalar(number));
            return;
        }
        var into = grown(asReals());
        into[count++] = number;
        reals = into;
    }

    void other(Value value) {
        if (others == null) {
            others = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                others.add(new Scalar(wholes != null ? wholes[i] : asReals()[i]));
            }
            wholes = null;
            reals = null;
        }
        others.add(value);
    }

    Value done() {
        if (others != null) {
            return new Items(others);
        }
        if (count == 0) {
            return Items.NONE;
        }
        return wholes != null
                ? new Wholes(Arrays.copyOf(wholes, count))
                : new Reals(Arrays.copyOf(asReals(), count));
    }

    private float[] asReals() {
        if (reals == null) {
            reals = new float[Math.max(FIRST_ROOM, count)];
            for (int i = 0; wholes != null && i < count; i++) {
                reals[i] = wholes[i];
            }
            wholes = null;
        }
        return reals;
    }

    private int[] grown(int[] array) {
        return count < array.length ? array : Arrays.copyOf(array, array.length * 2);
    }

    private float[] grown(float[] array) {
        return count < array.length ? array : Arrays.copyOf(array, array.length * 2);
    }
}
