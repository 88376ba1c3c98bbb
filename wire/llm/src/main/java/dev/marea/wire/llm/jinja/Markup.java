package dev.marea.wire.llm.jinja;

/** Text that is taken for HTML. Beside it, text that is not becomes so by escaping. */
final class Markup {
    private Markup() {}

    static Value joined(Value.Str left, Value.Str right, Meter meter) {
        boolean markup = left.markup() || right.markup();
        var first = markup && !left.markup() ? escaped(left.value()) : left.value();
        var second = markup && !right.markup() ? escaped(right.value()) : right.value();
        meter.text((long) first.length() + second.length());
        return new Value.Str(first + second, markup);
    }

    static Value escaped(Value value, Meter meter) {
        if (value instanceof Value.Str(_, var markup) && markup) {
            return value;
        }
        return safe(escaped(Python.text(value)), meter);
    }

    static Value safe(String text, Meter meter) {
        meter.text(text.length());
        return new Value.Str(text, true);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }
}
