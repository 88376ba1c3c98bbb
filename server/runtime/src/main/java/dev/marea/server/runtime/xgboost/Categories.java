package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the categories of a column were called when the model was trained; a code is a place. */
record Categories(Map<String, Integer> codes) {
    static final Categories NONE = new Categories(Map.of());

    boolean isEmpty() {
        return codes.isEmpty();
    }

    /** Reads the names that XGBoost keeps since 3.1; none where there are none. */
    static List<Categories> of(Section cats) throws LoadFailure {
        var columns = new ArrayList<Categories>();
        for (var column : cats.at("enc").items()) {
            columns.add(column.maybe("offsets").isPresent() ? texts(column) : numbers(column));
        }
        return columns;
    }

    private static Categories texts(Section column) throws LoadFailure {
        var offsets = column.at("offsets").wholes();
        var bytes = column.at("values").wholes();
        var codes = new HashMap<String, Integer>();
        for (int i = 0; i + 1 < offsets.length; i++) {
            if (offsets[i] < 0 || offsets[i] > offsets[i + 1] || offsets[i + 1] > bytes.length) {
                throw column.at("offsets").failure("do not lie within its values");
            }
            codes.put(text(bytes, offsets[i], offsets[i + 1]), i);
        }
        return new Categories(codes);
    }

    private static String text(int[] bytes, int from, int to) {
        var text = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            text.write(bytes[i]);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Numbers as categories are found by how they are written. */
    private static Categories numbers(Section column) throws LoadFailure {
        var values = column.at("values").numbers();
        var codes = new HashMap<String, Integer>();
        for (int i = 0; i < values.count(); i++) {
            float real = values.real(i);
            codes.put(
                    real == Math.rint(real)
                            ? String.valueOf(values.whole(i))
                            : String.valueOf(real),
                    i);
        }
        return new Categories(codes);
    }
}
