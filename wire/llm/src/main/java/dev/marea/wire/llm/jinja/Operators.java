package dev.marea.wire.llm.jinja;

import java.util.ArrayList;

/** Arithmetic and comparison as Python does them. */
final class Operators {
    private Operators() {}

    static Value negative(Value value) {
        return switch (value) {
            case Value.Dec(var number) -> new Value.Dec(-number);
            case Value other -> exact(() -> Math.negateExact(Python.integer(other)));
        };
    }

    static Value binary(String operator, Value left, Value right, Meter meter) {
        defined(left);
        defined(right);
        return switch (operator) {
            case "+" -> plus(left, right, meter);
            case "*" -> times(left, right, meter);
            case "%" ->
                    left instanceof Value.Str(var format, _)
                            ? PercentFormat.format(format, right, meter)
                            : modulo(left, right);
            case "-" ->
                    decimals(left, right)
                            ? new Value.Dec(Python.number(left) - Python.number(right))
                            : exact(() ->
                                    Math.subtractExact(
                                            Python.integer(left), Python.integer(right)));
            case "/" -> new Value.Dec(Python.number(left) / divisor(right));
            case "//" ->
                    decimals(left, right)
                            ? new Value.Dec(Math.floor(Python.number(left) / divisor(right)))
                            : Value.of(Math.floorDiv(Python.integer(left), (long) divisor(right)));
            case "**" -> power(left, right);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static void defined(Value value) {
        if (value instanceof Value.Undefined undefined) {
            throw undefined.trouble();
        }
    }

    private static Value plus(Value left, Value right, Meter meter) {
        if (left instanceof Value.Str a && right instanceof Value.Str b) {
            return Markup.joined(a, b, meter);
        }
        if (left instanceof Value.Seq(var a, var tuple, _)
                && right instanceof Value.Seq(var b, var other, _)
                && tuple == other) {
            meter.items((long) a.size() + b.size());
            var all = new ArrayList<>(a);
            all.addAll(b);
            return new Value.Seq(all, tuple);
        }
        if (!Python.isNumber(left) || !Python.isNumber(right)) {
            throw new Trouble("cannot add " + right.type() + " to " + left.type());
        }
        return decimals(left, right)
                ? new Value.Dec(Python.number(left) + Python.number(right))
                : exact(() -> Math.addExact(Python.integer(left), Python.integer(right)));
    }

    private static Value times(Value left, Value right, Meter meter) {
        if (left instanceof Value.Str(var text, _)) {
            return repeated(text, Python.integer(right), meter);
        }
        if (right instanceof Value.Str(var text, _)) {
            return repeated(text, Python.integer(left), meter);
        }
        if (left instanceof Value.Seq(var items, var tuple, _)) {
            long times = Math.max(0, Python.integer(right));
            meter.items(times > Integer.MAX_VALUE ? Integer.MAX_VALUE : items.size() * times);
            var all = new ArrayList<Value>();
            for (long i = 0; i < times; i++) {
                all.addAll(items);
            }
            return new Value.Seq(all, tuple);
        }
        return decimals(left, right)
                ? new Value.Dec(Python.number(left) * Python.number(right))
                : exact(() -> Math.multiplyExact(Python.integer(left), Python.integer(right)));
    }

    private static Value repeated(String text, long times, Meter meter) {
        if (times <= 0 || text.isEmpty()) {
            return Values.EMPTY_TEXT;
        }
        meter.text(times > Integer.MAX_VALUE ? Integer.MAX_VALUE : text.length() * times);
        return Value.of(text.repeat((int) times));
    }

    private static Value modulo(Value left, Value right) {
        if (!decimals(left, right)) {
            return Value.of(Math.floorMod(Python.integer(left), (long) divisor(right)));
        }
        double divisor = divisor(right);
        double rest = Python.number(left) % divisor;
        return new Value.Dec(rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest);
    }

    private static Value power(Value left, Value right) {
        if (decimals(left, right) || Python.integer(right) < 0) {
            return new Value.Dec(Math.pow(Python.number(left), Python.number(right)));
        }
        long base = Python.integer(left);
        long exponent = Python.integer(right);
        if (Math.abs(base) > 1 && exponent > Long.SIZE) {
            throw new Trouble("a number is too large");
        }
        // Zero, one and minus one only ask whether the exponent is even.
        long times = Math.abs(base) > 1 ? exponent : exponent == 0 ? 0 : 2 - exponent % 2;
        return exact(() -> {
            long result = 1;
            for (long i = 0; i < times; i++) {
                result = Math.multiplyExact(result, base);
            }
            return result;
        });
    }

    private static boolean decimals(Value left, Value right) {
        return left instanceof Value.Dec || right instanceof Value.Dec;
    }

    private static double divisor(Value value) {
        double number = Python.number(value);
        if (number == 0) {
            throw new Trouble("division by zero");
        }
        return number;
    }

    private static Value exact(java.util.function.LongSupplier sum) {
        try {
            return Value.of(sum.getAsLong());
        } catch (ArithmeticException _) {
            throw new Trouble("a number is too large");
        }
    }

    static boolean compare(String operator, Value left, Value right, Meter meter) {
        meter.work(Weight.of(left) + Weight.of(right));
        return switch (operator) {
            case "==" -> Python.equal(left, right);
            case "!=" -> !Python.equal(left, right);
            case "in" -> Python.contains(right, left);
            case "not in" -> !Python.contains(right, left);
            case "<" -> order(left, right) < 0;
            case "<=" -> order(left, right) <= 0;
            case ">" -> order(left, right) > 0;
            case ">=" -> order(left, right) >= 0;
            default -> throw new IllegalStateException(operator);
        };
    }

    private static int order(Value left, Value right) {
        defined(left);
        defined(right);
        return Python.compare(left, right);
    }
}
