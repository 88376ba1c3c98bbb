package dev.marea.storage.transfer;

import java.io.IOException;

/** The store has other bytes now than those it listed; two versions are never mixed. */
public final class VersionChanged extends IOException {
    private static final long serialVersionUID = 1;

    VersionChanged(String what) {
        super(what);
    }
}
