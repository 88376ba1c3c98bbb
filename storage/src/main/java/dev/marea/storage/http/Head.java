package dev.marea.storage.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The status line and headers of an answer. */
record Head(int status, boolean persistent, HttpHeaders headers) {
    private static final int BYTES_MAX = 64 << 10;
    private static final int INTERIM_MAX = 8;

    /** Reads byte by byte, so that not one of the body is taken: the stream below is buffered. */
    static Head read(InputStream in) throws IOException {
        for (int i = 0; i <= INTERIM_MAX; i++) {
            var head = one(in);
            if (head.status() >= 200 || head.status() == 101) {
                return head;
            }
        }
        throw new ProtocolException("the server sends interim answers without end");
    }

    private static Head one(InputStream in) throws IOException {
        var left = new int[] {BYTES_MAX};
        var status = line(in, left);
        if (!status.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
            throw new ProtocolException("the server does not speak HTTP/1.1");
        }
        var fields = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        for (var line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("a header of the answer has no name");
            }
            fields.computeIfAbsent(line.substring(0, colon).strip(), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Head(
                Integer.parseInt(status.substring(9, 12)),
                persistent(status, fields),
                headers(fields));
    }

    private static boolean persistent(String status, Map<String, List<String>> fields) {
        var connection = String.join(",", fields.getOrDefault("Connection", List.of()));
        return status.startsWith("HTTP/1.1")
                ? !connection.toLowerCase(java.util.Locale.ROOT).contains("close")
                : connection.toLowerCase(java.util.Locale.ROOT).contains("keep-alive");
    }

    private static HttpHeaders headers(Map<String, List<String>> fields) {
        return HttpHeaders.of(fields, (_, _) -> true);
    }

    private static String line(InputStream in, int[] left) throws IOException {
        var line = new byte[Math.min(left[0], 256)];
        int length = 0;
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server hung up without an answer");
            }
            if (--left[0] < 0) {
                throw new ProtocolException(
                        "the head of the answer has more than " + BYTES_MAX + " bytes");
            }
            if (next == '\n') {
                boolean crlf = length > 0 && line[length - 1] == '\r';
                return new String(line, 0, crlf ? length - 1 : length, ISO_8859_1);
            }
            if (length == line.length) {
                line = java.util.Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) next;
        }
    }
}
