package dev.marea.app.cli;

import java.io.PrintWriter;

/** Where a command speaks: results to standard output, all else to standard error. */
record Console(PrintWriter out, PrintWriter err, boolean terminal) {
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
            out.print("\r\u001b[2K" + text);
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

    private String paint(String code, String text) {
        return terminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
