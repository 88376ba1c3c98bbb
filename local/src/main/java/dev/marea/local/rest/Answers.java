package dev.marea.local.rest;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.http.Response;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One request's answer: its body, and the warnings that gathered on the way. */
final class Answers {
    private static final String JSON = "application/json";
    private static final int WARNINGS_MAX = 50;
    private static final int WARNING_CHARS_MAX = 500;

    private final Response response;
    private final Set<String> warnings = new LinkedHashSet<>();

    Answers(Response response) {
        this.response = response;
    }

    Response response() {
        return response;
    }

    void warn(String text) {
        if (warnings.size() < WARNINGS_MAX) {
            warnings.add(text);
        }
    }

    void json(int status, Json body) throws IOException {
        bytes(status, JSON, JsonWriter.bytes(body));
    }

    void bytes(int status, String contentType, byte[] body) throws IOException {
        response.send(status, headers(contentType), body);
    }

    void text(int status, String text) throws IOException {
        bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    Map<String, String> headers(String contentType) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", contentType);
        headers.put("cache-control", "no-cache, private");
        if (!warnings.isEmpty()) {
            headers.put(
                    "warning",
                    warnings.stream().map(Answers::quoted).collect(Collectors.joining(", ")));
        }
        return headers;
    }

    /** A warn-text of RFC 7234: one line, quoted. */
    private static String quoted(String text) {
        var line = text.replaceAll("[\\x00-\\x1f\\x7f-\\x{10ffff}]+", " ");
        var cut = line.length() > WARNING_CHARS_MAX ? line.substring(0, WARNING_CHARS_MAX) : line;
        return "299 - \"" + cut.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    void refusal(Refusal refused) throws IOException {
        var headers = headers(JSON);
        refused.details()
                .integer("retryAfterSeconds")
                .ifPresent(seconds -> headers.put("retry-after", Long.toString(seconds)));
        response.send(refused.code(), headers, JsonWriter.bytes(refused.status()));
    }
}
