package dev.marea.wire.llm.jinja;

/** The escapes of Python's string literals. */
final class Escapes {
    private Escapes() {}

    static String read(String written) {
        if (written.indexOf('\\') < 0) {
            return written;
        }
        var out = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c != '\\' || i + 1 == written.length()) {
                out.append(c);
            } else {
                i = escape(written, i + 1, out);
            }
        }
        return out.toString();
    }

    /** Writes the escape whose letter stands at {@code i}; returns the place of its last letter. */
    private static int escape(String written, int i, StringBuilder out) {
        char letter = written.charAt(i);
        switch (letter) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'v' -> out.append('\u000B');
            case 'a' -> out.append('\u0007');
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(letter);
            case 'x' -> {
                return hex(written, i, 2, out);
            }
            case 'u' -> {
                return hex(written, i, 4, out);
            }
            case 'U' -> {
                return hex(written, i, 8, out);
            }
            default -> {
                if (letter >= '0' && letter <= '7') {
                    return octal(written, i, out);
                }
                out.append('\\').append(letter);
            }
        }
        return i;
    }

    private static int hex(String written, int i, int digits, StringBuilder out) {
        int end = i + 1 + digits;
        try {
            out.appendCodePoint(Integer.parseInt(written.substring(i + 1, end), 16));
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            throw new Trouble("a string has a broken escape \\" + written.charAt(i));
        }
        return end - 1;
    }

    private static int octal(String written, int i, StringBuilder out) {
        int end = i;
        while (end < written.length()
                && end < i + 3
                && written.charAt(end) >= '0'
                && written.charAt(end) <= '7') {
            end++;
        }
        out.append((char) Integer.parseInt(written.substring(i, end), 8));
        return end - 1;
    }
}
