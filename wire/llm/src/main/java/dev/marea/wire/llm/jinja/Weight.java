package dev.marea.wire.llm.jinja;

import java.util.Collection;

/**
 * How much there is to see in a value that is printed or compared. A list that holds another twice
 * weighs it twice: a few lines of a template could otherwise make a value that takes forever.
 */
final class Weight {
    private static final long MAX = 4 << 20;
    private static final int CHARS_A_UNIT = 16;

    private Weight() {}

    static long of(Value value) {
        return switch (value) {
            case Value.Str(var text, _) -> 1 + text.length() / CHARS_A_UNIT;
            case Value.Seq(_, _, var weight) -> weight;
            case Value.Dict(_, var weight) -> weight;
            case Value.Undefined _,
                    Value.None _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Dec _,
                    Value.Namespace _,
                    Value.Parts _,
                    Value.Function _ ->
                    1;
        };
    }

    static long of(Collection<Value> values) {
        long weight = 1;
        for (var value : values) {
            weight += of(value);
            if (weight > MAX) {
                throw new Trouble(
                        TemplateError.Kind.OVER_BUDGET,
                        "the template makes a value that is too large");
            }
        }
        return weight;
    }
}
