package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.xgboost.Booster;
import java.util.OptionalInt;

/** A column of a data frame as XGBoost has it: categories by their codes. */
final class BoosterColumn {
    private BoosterColumn() {}

    /** Categories by their names; a text that is not there is a missing value. */
    static float[] of(Booster booster, int column, String[] names) throws BadInput {
        var codes = new float[names.length];
        for (int row = 0; row < codes.length; row++) {
            var name = names[row];
            codes[row] =
                    name.equals(Elements.Texts.MISSING)
                            ? Float.NaN
                            : known(booster.category(column, name), name, row, column);
        }
        return codes;
    }

    /** Numbers, which may be the names of categories. */
    static float[] of(Booster booster, int column, double[] values) throws BadInput {
        var numbers = new float[values.length];
        boolean names = booster.numbersCategories(column);
        for (int row = 0; row < numbers.length; row++) {
            float number = (float) values[row];
            numbers[row] =
                    names && !Float.isNaN(number)
                            ? known(booster.category(column, number), values[row], row, column)
                            : number;
        }
        return numbers;
    }

    private static int known(OptionalInt code, Object name, int row, int column) throws BadInput {
        if (code.isEmpty()) {
            throw new BadInput(
                    Data.FIELD,
                    "hold '%s' in row %d, column %d, a category that the model was not trained with"
                            .formatted(Texts.shown(String.valueOf(name)), row, column));
        }
        return code.getAsInt();
    }
}
