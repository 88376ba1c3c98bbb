package dev.marea.wire.http;

import java.io.IOException;

/** Answers one request; runs on a virtual thread of its own, so it may block. */
@FunctionalInterface
public interface Handler {
    void handle(Request request, Response response) throws IOException, InterruptedException;
}
