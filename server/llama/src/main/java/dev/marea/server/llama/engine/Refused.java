package dev.marea.server.llama.engine;

import dev.marea.server.llama.talk.News;

/** An order that came to nothing. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final News.Why why;

    public Refused(News.Why why, String message) {
        super(message, null, false, false);
        this.why = why;
    }

    public News.Why why() {
        return why;
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
