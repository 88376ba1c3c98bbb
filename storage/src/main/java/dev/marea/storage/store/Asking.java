package dev.marea.storage.store;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;

/** How a store asks its server for small things: with addresses checked, retried and bounded. */
public interface Asking {
    /**
     * Sends what the builder makes, anew for each attempt. What the network or the server gave up
     * is tried again; every other answer, a refusal too, is the caller's to read.
     */
    Answer ask(Request request) throws FetchFailure, InterruptedException;

    /**
     * One question.
     *
     * @param redirects whether they are followed; if not, the caller reads them
     * @param administrators whether the administrator named the server, so that its address may be
     *     one that is refused to tenants
     */
    record Request(Builder builder, boolean redirects, boolean administrators) {}

    /** Builds a request; signatures and tokens are fresh in each. */
    @FunctionalInterface
    interface Builder {
        HttpRequest.Builder build() throws FetchFailure, InterruptedException;
    }

    /**
     * What the server said.
     *
     * @param address which answered, after redirects
     */
    record Answer(int status, HttpHeaders headers, byte[] body, URI address) {
        public boolean ok() {
            return status >= 200 && status < 300;
        }
    }
}
