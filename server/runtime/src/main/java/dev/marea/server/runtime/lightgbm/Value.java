package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.lightgbm.ModelText.Line;
import java.nio.charset.StandardCharsets;

/**
 * What stands behind a line's {@code =}: a number, numbers with spaces between them, or words. Room
 * is made only for numbers that the line is long enough to hold.
 */
record Value(Line line, String key, int start) {
    private static final int NUMBER_CHARS_MAX = 64;

    String text() {
        return line.text(start);
    }

    String[] words() {
        var text = text().strip();
        return text.isEmpty() ? new String[0] : text.split(" +", -1);
    }

    int whole(int least, int most) throws BadModel {
        var numbers = wholes(1);
        if (numbers[0] < least || numbers[0] > most) {
            throw line.bad("%s is %d, not in %d..%d".formatted(key, numbers[0], least, most));
        }
        return numbers[0];
    }

    /** Exactly so many whole numbers. */
    int[] wholes(int count) throws BadModel {
        var out = new int[checked(count)];
        var cursor = new Cursor();
        for (int i = 0; i < count; i++) {
            out[i] = (int) cursor.whole(Integer.MIN_VALUE, Integer.MAX_VALUE, i, count);
        }
        cursor.atEnd(count);
        return out;
    }

    /** Whole numbers of 32 bits without a sign. */
    int[] words32(int count) throws BadModel {
        var out = new int[checked(count)];
        var cursor = new Cursor();
        for (int i = 0; i < count; i++) {
            out[i] = (int) cursor.whole(0, 0xFFFF_FFFFL, i, count);
        }
        cursor.atEnd(count);
        return out;
    }

    double[] reals(int count) throws BadModel {
        var out = new double[checked(count)];
        var cursor = new Cursor();
        for (int i = 0; i < count; i++) {
            out[i] = cursor.real(i, count);
        }
        cursor.atEnd(count);
        return out;
    }

    /** A number takes a digit and all but the last a space. */
    private int checked(int count) throws BadModel {
        if (count > (line.to() - start + 1) / 2) {
            throw few(count, "fewer");
        }
        return count;
    }

    private BadModel few(int count, String found) {
        return line.bad("%s needs %d numbers, has %s".formatted(key, count, found));
    }

    /** Walks over the numbers of the line. */
    private final class Cursor {
        private final byte[] bytes = line.bytes();
        private int at = start;

        private void skipSpaces() {
            while (at < line.to() && bytes[at] == ' ') {
                at++;
            }
        }

        /** The end of the number that begins here. */
        private int numberEnd(int found, int count) throws BadModel {
            skipSpaces();
            int end = at;
            while (end < line.to() && bytes[end] != ' ') {
                end++;
            }
            if (end == at) {
                throw few(count, String.valueOf(found));
            }
            if (end - at > NUMBER_CHARS_MAX) {
                throw line.bad(key + " holds a number of " + (end - at) + " characters");
            }
            return end;
        }

        void atEnd(int count) throws BadModel {
            skipSpaces();
            if (at < line.to()) {
                throw few(count, "more");
            }
        }

        long whole(long least, long most, int found, int count) throws BadModel {
            int end = numberEnd(found, count);
            int from = at;
            boolean negative = bytes[at] == '-';
            int digits = negative ? at + 1 : at;
            long value = 0;
            for (int i = digits; i < end; i++) {
                int digit = bytes[i] - '0';
                if (digit < 0 || digit > 9 || i - digits > 10) {
                    throw notANumber(from, end, "whole number");
                }
                value = 10 * value + digit;
            }
            value = negative ? -value : value;
            if (digits == end || value < least || value > most) {
                throw notANumber(from, end, "whole number of 32 bits");
            }
            at = end;
            return value;
        }

        double real(int found, int count) throws BadModel {
            int end = numberEnd(found, count);
            var text = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
            double value = parsed(text, at, end);
            at = end;
            return value;
        }

        private double parsed(String text, int from, int end) throws BadModel {
            switch (text) {
                case "inf", "Inf", "INF", "+inf" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-inf", "-Inf", "-INF" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                case "nan", "-nan", "NaN", "NAN", "na", "NA" -> {
                    return Double.NaN;
                }
                default -> {
                    if (!isDecimal(text)) {
                        throw notANumber(from, end, "number");
                    }
                }
            }
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException malformed) {
                throw notANumber(from, end, "number");
            }
        }

        private BadModel notANumber(int from, int end, String wanted) {
            var text = new String(bytes, from, end - from, StandardCharsets.UTF_8);
            return line.bad("%s holds '%s', not a %s".formatted(key, text, wanted));
        }
    }

    /** Java also reads hexadecimal numbers and type letters, LightGBM does not. */
    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits =
                    (c >= '0' && c <= '9')
                            || c == '.'
                            || c == '-'
                            || c == '+'
                            || c == 'e'
                            || c == 'E';
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
