package dev.marea.wire.llm.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The filters of numbers. */
final class Numbers {
    private Numbers() {}

    static Value integer(Value value, Arguments arguments) {
        var otherwise = arguments.at(0, "default", Value.of(0));
        return switch (value) {
            case Value.Int _ -> value;
            case Value.Bool(var flag) -> Value.of(flag ? 1 : 0);
            case Value.Dec(var number) -> Value.of((long) number);
            case Value.Str(var text, _) -> parsed(text.strip(), arguments, otherwise);
            case Value _ -> otherwise;
        };
    }

    private static Value parsed(String text, Arguments arguments, Value otherwise) {
        try {
            return Value.of(Long.parseLong(text, (int) arguments.integer(1, "base", 10)));
        } catch (NumberFormatException _) {
            try {
                return Value.of((long) Double.parseDouble(text));
            } catch (NumberFormatException _) {
                return otherwise;
            }
        }
    }

    static Value decimal(Value value, Arguments arguments) {
        var otherwise = arguments.at(0, "default", new Value.Dec(0));
        return switch (value) {
            case Value.Dec _ -> value;
            case Value.Int(var number) -> new Value.Dec(number);
            case Value.Bool(var flag) -> new Value.Dec(flag ? 1 : 0);
            case Value.Str(var text, _) -> {
                try {
                    yield new Value.Dec(Double.parseDouble(text.strip()));
                } catch (NumberFormatException _) {
                    yield otherwise;
                }
            }
            case Value _ -> otherwise;
        };
    }

    static Value absolute(Value value) {
        return value instanceof Value.Dec(var number)
                ? new Value.Dec(Math.abs(number))
                : Value.of(Math.abs(Python.integer(value)));
    }

    static Value rounded(Value value, Arguments arguments) {
        int precision = Math.clamp(arguments.integer(0, "precision", 0), -300, 300);
        var mode =
                switch (arguments.text(1, "method", "common")) {
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> RoundingMode.HALF_EVEN;
                };
        double number = Python.number(value);
        if (!Double.isFinite(number)) {
            return value;
        }
        return new Value.Dec(new BigDecimal(number).setScale(precision, mode).doubleValue());
    }
}
