package dev.marea.app.cli;

import java.io.PrintWriter;

/** Where a command speaks: results to standard output, all else to standard error. */
record Console(PrintWriter out, PrintWriter err, boolean terminal, boolean color) {
    void line(String text) {
        out.println(text);
        out.flush();
    }

    void note(String text) {
        err.println(text);
        err.flush();
    }

    void warn(String text) {
        note(paint("33", "warning: ") + text);
    }

    /** Overwrites the current line on a terminal; says nothing elsewhere. */
    void live(String text) {
        if (terminal) {
            // without wrapping: what does not fit a narrow terminal is cut, else lines would pile
            // up
            out.print("\r\u001b[2K\u001b[?7l" + text + "\u001b[?7h");
            out.flush();
        }
    }

    String good(String text) {
        return paint("32", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String paint(String code, String text) {
        return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
