package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.BoosterParts.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the categories of a column were called when the model was trained; a code is a place.
 *
 * @param numeric whether they were numbers, which are then found by how they are written
 */
record Categories(Map<String, Integer> codes, boolean numeric) {
    /** Before, names were cut short where characters beyond ASCII take several bytes. */
    private static final int FIXED_MAJOR = 3;

    private static final int FIXED_MINOR = 4;

    static final Categories NONE = new Categories(Map.of(), false);

    boolean isEmpty() {
        return codes.isEmpty();
    }

    /** Reads the names that XGBoost keeps since 3.1; none where there are none. */
    static List<Categories> of(Section cats, Version version) throws LoadFailure {
        var columns = new ArrayList<Categories>();
        for (var column : cats.at("enc").items()) {
            columns.add(
                    column.maybe("offsets").isPresent() ? texts(column, version) : numbers(column));
        }
        return columns;
    }

    private static Categories texts(Section column, Version version) throws LoadFailure {
        var offsets = column.at("offsets").wholes();
        var bytes = bytes(column.at("values").wholes());
        if (version.before(FIXED_MAJOR, FIXED_MINOR) && !isAscii(bytes)) {
            return NONE;
        }
        var codes = new HashMap<String, Integer>();
        for (int i = 0; i + 1 < offsets.length; i++) {
            int from = offsets[i];
            int size = offsets[i + 1] - from;
            if (from < 0 || size < 0 || size > bytes.length - from) {
                throw column.at("offsets").failure("do not lie within its values");
            }
            codes.put(new String(bytes, from, size, StandardCharsets.UTF_8), i);
        }
        return new Categories(codes, false);
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(int[] values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static Categories numbers(Section column) throws LoadFailure {
        var values = column.at("values").numbers();
        var codes = new HashMap<String, Integer>();
        for (int i = 0; i < values.count(); i++) {
            float real = values.real(i);
            codes.put(real == Math.rint(real) ? String.valueOf(values.whole(i)) : written(real), i);
        }
        return new Categories(codes, true);
    }

    private static String written(float number) {
        return number == Math.rint(number) && Math.abs(number) < Long.MAX_VALUE
                ? String.valueOf((long) number)
                : String.valueOf(number);
    }

    OptionalInt code(String name) {
        var code = codes.get(name);
        return code == null ? OptionalInt.empty() : OptionalInt.of(code);
    }

    OptionalInt code(float number) {
        return code(written(number));
    }
}
