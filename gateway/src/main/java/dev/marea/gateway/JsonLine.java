package dev.marea.gateway;

/**
 * One flat object on one line of JSON, written without a tree: an access line a request adds up.
 */
final class JsonLine {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text;

    /** Appends to {@code text}, which may hold earlier lines. */
    JsonLine(StringBuilder text) {
        this.text = text;
        text.append('{');
    }

    JsonLine field(String name, String value) {
        name(name);
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            append(value.charAt(i));
        }
        text.append('"');
        return this;
    }

    JsonLine field(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    void end() {
        text.append("}\n");
    }

    private void name(String name) {
        if (text.charAt(text.length() - 1) != '{') {
            text.append(',');
        }
        text.append('"').append(name).append("\":");
    }

    /** Control characters of both ranges are escaped: terminals act on them. */
    private void append(char c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c)) {
            text.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                text.append(HEX.charAt((c >> shift) & 0xf));
            }
        } else {
            text.append(c);
        }
    }
}
