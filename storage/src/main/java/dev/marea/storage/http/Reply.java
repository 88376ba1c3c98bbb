package dev.marea.storage.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * What a server answered; its body is read from the socket, and must be closed.
 *
 * @param length of the body; -1 if it ends with the connection or is chunked
 * @param address which answered, after redirects
 */
public record Reply(int status, HttpHeaders headers, long length, InputStream body, URI address)
        implements AutoCloseable {
    Reply from(URI here) {
        return new Reply(status, headers, length, body, here);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException gone) {
            // It was to end, and has ended.
        }
    }
}
