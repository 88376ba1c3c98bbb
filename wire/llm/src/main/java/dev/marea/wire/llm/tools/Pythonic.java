package dev.marea.wire.llm.tools;

import java.util.List;

/** Calls as a Python list: {@code [weather(city="Rome"), now()]}, the whole answer. */
final class Pythonic implements OutputParser {
    private static final String TAG = "<|python_start|>";
    private static final String END = "<|python_end|>";

    private final Calls calls;
    private final StringBuilder buffer = new StringBuilder();
    private boolean content;

    Pythonic(Calls calls) {
        this.calls = calls;
    }

    @Override
    public List<OutputDelta> feed(String text) {
        buffer.append(text);
        int at = start();
        if (!content && at >= 0 && !mayBeCalls(at)) {
            content = true;
        }
        if (content) {
            calls.content(buffer.toString());
            buffer.setLength(0);
        }
        return calls.take();
    }

    @Override
    public List<OutputDelta> end() {
        int at = start();
        var text = at < 0 ? "" : buffer.substring(at).replace(END, "").strip();
        var read = content || text.isEmpty() ? List.<ToolCall>of() : PythonCalls.read(text);
        if (read.isEmpty()) {
            calls.content(buffer.toString());
        }
        for (var call : read) {
            calls.start(call.name());
            calls.arguments(call.arguments());
        }
        calls.finish();
        return calls.take();
    }

    private int start() {
        int at = Texts.skipSpace(buffer, 0);
        if (at < buffer.length() && Texts.mayBegin(buffer, at, TAG)) {
            at = buffer.length() - at < TAG.length() ? buffer.length() : at + TAG.length();
            at = Texts.skipSpace(buffer, at);
        }
        return at >= buffer.length() ? -1 : at;
    }

    /** A bracket, a name and a parenthesis, as far as they have come. */
    private boolean mayBeCalls(int at) {
        return buffer.substring(at, Math.min(buffer.length(), at + 600))
                .matches("(?s)\\[\\s*(?:[A-Za-z_][\\w.]*\\s*(?:\\(.*)?)?");
    }
}
