package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;

/**
 * Which values an imputer takes for missing ones.
 *
 * @param absent those that are not there: NaN, None; else the number or text itself
 */
record Missing(boolean absent, double number, String text) {
    static Missing of(State state) throws LoadFailure {
        var value = state.object().attribute("missing_values").orElse(PyValue.None.NONE);
        if (value instanceof PyValue.Text(var text)) {
            return new Missing(false, Double.NaN, text);
        }
        double number =
                value == PyValue.None.NONE ? Double.NaN : state.number(value, "missing_values");
        return new Missing(Double.isNaN(number), number, Elements.Texts.MISSING);
    }

    boolean is(double value) {
        return absent ? Double.isNaN(value) : value == number;
    }

    boolean is(String value) {
        return value.equals(text);
    }

    Accepts accepts() {
        return absent ? Accepts.FINITE_OR_NAN : Accepts.FINITE;
    }
}
