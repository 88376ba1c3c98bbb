package dev.marea.server.runtime.pickle;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The ways in which a pickle writes text. */
final class Texts {
    private Texts() {}

    static String latin1(PyValue.Blob blob) {
        return new String(blob.bytes(), blob.from(), blob.length(), StandardCharsets.ISO_8859_1);
    }

    static Optional<String> utf8(PyValue.Blob blob) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(blob.bytes(), blob.from(), blob.length()))
                            .toString());
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }

    /** The text of a str, or of a byte string of Python 2. */
    static Optional<String> of(PyValue value) {
        return switch (value) {
            case PyValue.Text(var text) -> Optional.of(text);
            case PyValue.Blob blob -> Optional.of(latin1(blob));
            default -> Optional.empty();
        };
    }

    /** Undoes protocol 0's quoted byte string ({@code repr}); empty if it is not one. */
    static Optional<byte[]> unquoted(String line) {
        int last = line.length() - 1;
        if (last < 1
                || line.charAt(0) != line.charAt(last)
                || (line.charAt(0) != '\'' && line.charAt(0) != '"')) {
            return Optional.empty();
        }
        return unescaped(line.substring(1, last), false)
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Undoes protocol 0's raw-unicode-escape, where only {@code \\u} and {@code \\U} are special.
     */
    static Optional<String> rawUnicode(String line) {
        return unescaped(line, true);
    }

    private static Optional<String> unescaped(String text, boolean unicodeOnly) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 >= text.length()) {
                out.append(c);
                continue;
            }
            char escape = text.charAt(i + 1);
            int digits = digits(escape, unicodeOnly);
            if (digits > 0) {
                var code = hex(text, i + 2, digits);
                if (code.isEmpty()) {
                    return Optional.empty();
                }
                out.appendCodePoint(code.get());
                i += 1 + digits;
            } else if (unicodeOnly) {
                out.append(c);
            } else {
                out.append(plain(escape));
                i++;
            }
        }
        return Optional.of(out.toString());
    }

    private static int digits(char escape, boolean unicodeOnly) {
        return switch (escape) {
            case 'u' -> unicodeOnly ? 4 : 0;
            case 'U' -> unicodeOnly ? 8 : 0;
            case 'x' -> unicodeOnly ? 0 : 2;
            default -> 0;
        };
    }

    private static char plain(char escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    private static Optional<Integer> hex(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return Optional.empty();
        }
        try {
            int code = Integer.parseUnsignedInt(text, from, from + digits, 16);
            return Character.isValidCodePoint(code) ? Optional.of(code) : Optional.empty();
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }
}
