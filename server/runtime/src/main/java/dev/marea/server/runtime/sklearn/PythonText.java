package dev.marea.server.runtime.sklearn;

import java.text.Normalizer;
import java.util.BitSet;
import java.util.Locale;

/** Text as Python sees it: which characters are words and spaces, lower case, accents. */
final class PythonText {
    private static final int ASCII_END = 0x80;
    private static final char SIGMA = 'Σ';
    private static final String INSIDE_WORDS =
            "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private PythonText() {}

    /** Characters with a combining class, which belong to the one before them. */
    private static final class Combining {
        private static final String LAST_CLASS = "\u0345";
        static final BitSet ALL = all();

        private Combining() {}

        /**
         * Java tells no combining class, but sorts by it: whatever has one comes before a character
         * of the last class.
         */
        private static BitSet all() {
            var all = new BitSet();
            for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
                if (isMark(c)) {
                    var text = Character.toString(c);
                    all.set(
                            c,
                            text.equals(LAST_CLASS)
                                    || !Normalizer.normalize(LAST_CLASS + text, Normalizer.Form.NFD)
                                            .startsWith(LAST_CLASS));
                }
            }
            return all;
        }

        private static boolean isMark(int c) {
            return switch (Character.getType(c)) {
                case Character.NON_SPACING_MARK,
                        Character.COMBINING_SPACING_MARK,
                        Character.ENCLOSING_MARK ->
                        true;
                default -> false;
            };
        }
    }

    /** What {@code \w} matches: letters, every kind of number, and the underscore. */
    static boolean isWord(int c) {
        if (c < ASCII_END) {
            return (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || c == '_';
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER ->
                    true;
            default -> false;
        };
    }

    static boolean isDigit(int c) {
        return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
    }

    /** What {@code \s} matches and {@code split()} splits at. */
    static boolean isSpace(int c) {
        return switch (c) {
            case ' ', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
            default ->
                    (c >= 0x09 && c <= 0x0d)
                            || (c >= 0x1c && c <= 0x1f)
                            || (c >= 0x2000 && c <= 0x200a);
        };
    }

    /** Lower case; Java knows a word's last sigma otherwise. */
    static String lower(String text) {
        int sigma = text.indexOf(SIGMA);
        if (sigma < 0) {
            return text.toLowerCase(Locale.ROOT);
        }
        var out = new StringBuilder(text.length());
        int from = 0;
        for (; sigma >= 0; sigma = text.indexOf(SIGMA, from)) {
            out.append(text.substring(from, sigma).toLowerCase(Locale.ROOT));
            out.append(isLast(text, sigma) ? 'ς' : 'σ');
            from = sigma + 1;
        }
        return out.append(text.substring(from).toLowerCase(Locale.ROOT)).toString();
    }

    /** Whether a letter with a case stands before this one, and none behind it. */
    private static boolean isLast(String text, int at) {
        int before = at;
        int c = ' ';
        do {
            if (before == 0) {
                return false;
            }
            c = text.codePointBefore(before);
            before -= Character.charCount(c);
        } while (hasNoSayInCase(c));
        if (!hasCase(c)) {
            return false;
        }
        for (int behind = at + 1; behind < text.length(); behind += Character.charCount(c)) {
            c = text.codePointAt(behind);
            if (!hasNoSayInCase(c)) {
                return !hasCase(c);
            }
        }
        return true;
    }

    private static boolean hasCase(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    /** Unicode's Case_Ignorable: marks, modifiers, and what stands inside words. */
    private static boolean hasNoSayInCase(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL ->
                    true;
            default -> INSIDE_WORDS.indexOf(c) >= 0;
        };
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= ASCII_END) {
                return false;
            }
        }
        return true;
    }

    /** Compatible forms, without what combines. */
    static String withoutAccents(String text) {
        if (isAscii(text)) {
            return text;
        }
        var out = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKD)
                .codePoints()
                .filter(c -> !Combining.ALL.get(c))
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Compatible forms, of which only ASCII is left. */
    static String asciiOnly(String text) {
        if (isAscii(text)) {
            return text;
        }
        var out = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKD)
                .codePoints()
                .filter(c -> c < ASCII_END)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
