package dev.marea.wire.llm.peek;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The field {@code model} of a multipart form. Fields stand before the file in what clients send;
 * one that hides behind a file is not waited for.
 */
public final class FormPeek implements ModelPeek {
    private static final int BYTES_MAX = 64 << 10;
    private static final Pattern BOUNDARY =
            Pattern.compile(
                    "(?i)multipart/form-data\\b.*;\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;]{1,70}))");
    private static final Pattern NAME =
            Pattern.compile("(?i);\\s*name=(?:\"model\"|model(?=[;\\r]))");

    private final String delimiter;
    private final StringBuilder read = new StringBuilder();

    FormPeek(String boundary) {
        this.delimiter = "--" + boundary;
    }

    /** The boundary that a content type names; empty for any other type. */
    static String boundary(String contentType) {
        var match = BOUNDARY.matcher(contentType);
        if (!match.find()) {
            return "";
        }
        return match.group(1) != null ? match.group(1) : match.group(2);
    }

    @Override
    public Seen feed(byte[] bytes, int from, int length) {
        int room = Math.min(length, BYTES_MAX - read.length());
        read.append(JsonPeek.ascii(bytes, from, room));
        var seen = look();
        return seen instanceof Seen.NotYet && read.length() >= BYTES_MAX
                ? new Seen.None("the form's model field must stand before its file")
                : seen;
    }

    private Seen look() {
        int part = read.indexOf(delimiter);
        while (part >= 0) {
            int head = part + delimiter.length();
            if (read.length() >= head + 2 && read.substring(head, head + 2).equals("--")) {
                return new Seen.None("model is required");
            }
            int body = read.indexOf("\r\n\r\n", head);
            int next = body < 0 ? -1 : read.indexOf("\r\n" + delimiter, body + 2);
            if (next < 0) {
                return new Seen.NotYet();
            }
            if (NAME.matcher(read.substring(head, body + 2)).find()) {
                return model(body + 4, Math.max(body + 4, next));
            }
            part = next + 2;
        }
        return new Seen.NotYet();
    }

    private Seen model(int from, int to) {
        var bytes = read.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
        var name = new String(bytes, StandardCharsets.UTF_8).strip();
        return name.isEmpty()
                ? new Seen.None("model must not be empty")
                : new Seen.Model(name, from, to);
    }

    @Override
    public String written(String name) {
        return name;
    }

    @Override
    public boolean asksForStream() {
        return false;
    }
}
