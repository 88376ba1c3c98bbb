package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Reads the numbers that requests are full of without making a string of each. */
final class Decimals {
    /**
     * So many digits are exact as a double, and so are these powers of ten: one division rounds.
     */
    private static final int DIGITS_MAX = 15;

    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private Decimals() {}

    /** The number on which the parser stands. */
    static double of(JsonParser json) throws IOException {
        var text = json.getTextCharacters();
        int from = json.getTextOffset();
        int to = from + json.getTextLength();
        boolean negative = text[from] == '-';
        int at = negative ? from + 1 : from;
        if (to - at > DIGITS_MAX + 1) {
            return json.getDoubleValue();
        }
        long digits = 0;
        int point = to;
        int count = 0;
        for (; at < to; at++) {
            char c = text[at];
            if (c >= '0' && c <= '9') {
                digits = digits * 10 + (c - '0');
                count++;
            } else if (c == '.') {
                point = at + 1;
            } else {
                return json.getDoubleValue();
            }
        }
        if (count > DIGITS_MAX) {
            return json.getDoubleValue();
        }
        double value = digits / TENS[to - point];
        return negative ? -value : value;
    }
}
