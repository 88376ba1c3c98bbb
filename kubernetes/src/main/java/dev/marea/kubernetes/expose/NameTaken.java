package dev.marea.kubernetes.expose;

import java.io.IOException;

/** An object of this name is there and belongs to somebody else. */
public final class NameTaken extends IOException {
    private static final long serialVersionUID = 1;

    private final String why;

    public NameTaken(String why) {
        super(why);
        this.why = why;
    }

    public String why() {
        return why;
    }
}
