package dev.marea.wire.llm.tools;

import java.util.List;
import java.util.function.BiFunction;

/**
 * Content in which tags begin tool calls. Holds back only what might still become a tag, and white
 * space, which is dropped where it only stands around calls.
 */
final class TaggedText implements OutputParser {
    private final List<String> tags;
    private final BiFunction<String, String, Body> bodies;
    private final Calls calls;
    private final StringBuilder buffer = new StringBuilder();
    private Body body = NoBody.INSTANCE;

    /**
     * {@code bodies} gets the tag, and the text to be told in its place should it begin no call.
     */
    TaggedText(List<String> tags, BiFunction<String, String, Body> bodies, Calls calls) {
        this.tags = tags;
        this.bodies = bodies;
        this.calls = calls;
    }

    @Override
    public List<OutputDelta> feed(String text) {
        buffer.append(text);
        read(false);
        return calls.take();
    }

    @Override
    public List<OutputDelta> end() {
        read(true);
        calls.finish();
        return calls.take();
    }

    private void read(boolean end) {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = body.done() ? content(end) : calls(end);
        }
    }

    /** Whether a tag was found, so that there is more to do. */
    private boolean content(boolean end) {
        int at = -1;
        var tag = "";
        for (var one : tags) {
            int found = buffer.indexOf(one);
            if (found >= 0 && (at < 0 || found < at)) {
                at = found;
                tag = one;
            }
        }
        if (at >= 0) {
            int told = Texts.withoutTrailingSpace(buffer, at);
            say(told);
            body = bodies.apply(tag, buffer.substring(told, at + tag.length()));
            buffer.delete(0, at + tag.length());
            return true;
        }
        int sure = end ? buffer.length() : Texts.beforeAnyTag(buffer, tags);
        int told = end && !calls.any() ? sure : Texts.withoutTrailingSpace(buffer, sure);
        say(told);
        buffer.delete(0, told);
        return false;
    }

    private void say(int length) {
        calls.content(buffer.substring(0, length));
    }

    private boolean calls(boolean end) {
        buffer.delete(0, body.read(buffer, end, calls));
        return body.done();
    }

    /** Before the first tag. */
    private enum NoBody implements Body {
        INSTANCE;

        @Override
        public int read(CharSequence text, boolean end, Calls calls) {
            return 0;
        }

        @Override
        public boolean done() {
            return true;
        }
    }
}
