package dev.marea.local.rest;

import dev.marea.wire.http.Handler;
import dev.marea.wire.http.Request;
import dev.marea.wire.http.Response;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks a door without sockets, and keeps what it answers. */
final class Ask {
    private static final String TOKEN = "secret";

    private final Handler door;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();

    Ask(Handler door) {
        this.door = door;
        with("authorization", "Bearer " + TOKEN);
        with("user-agent", "test/1");
    }

    static String token() {
        return TOKEN;
    }

    Ask with(String name, String value) {
        headers.put(name, List.of(value));
        return this;
    }

    Answer get(String target) throws IOException, InterruptedException {
        return send("GET", target, "");
    }

    Answer post(String target, String body) throws IOException, InterruptedException {
        return send("POST", target, body);
    }

    Answer put(String target, String body) throws IOException, InterruptedException {
        return send("PUT", target, body);
    }

    Answer patch(String target, String type, String body) throws IOException, InterruptedException {
        return with("content-type", "application/" + type).send("PATCH", target, body);
    }

    Answer delete(String target) throws IOException, InterruptedException {
        return send("DELETE", target, "");
    }

    Answer send(String method, String target, String body)
            throws IOException, InterruptedException {
        var answer = new Answer();
        var parts = target.split("\\?", 2);
        door.handle(
                new Request(
                        method,
                        parts[0],
                        query(parts.length == 1 ? "" : parts[1]),
                        headers,
                        body.getBytes(StandardCharsets.UTF_8)),
                answer);
        return answer;
    }

    private static Map<String, List<String>> query(String text) {
        var query = new LinkedHashMap<String, List<String>>();
        for (var pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                var sides = pair.split("=", 2);
                query.computeIfAbsent(sides[0], _ -> new ArrayList<>())
                        .add(URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    static final class Answer implements Response {
        private int status;
        private Map<String, String> headers = Map.of();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        @Override
        public void send(int code, Map<String, String> given, byte[] bytes) throws IOException {
            status = code;
            headers = given;
            body.write(bytes);
        }

        @Override
        public OutputStream stream(int code, Map<String, String> given) {
            status = code;
            headers = given;
            return body;
        }

        @Override
        public boolean clientGone() {
            return false;
        }

        int status() {
            return status;
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String text() {
            return body.toString(StandardCharsets.UTF_8);
        }

        Json json() throws IOException {
            return JsonReader.read(body.toByteArray());
        }

        String message() throws IOException {
            return json().text("message").orElse("");
        }

        /** The frames of a watch. */
        List<Json> lines() throws IOException {
            var lines = new ArrayList<Json>();
            for (var line : text().lines().toList()) {
                lines.add(JsonReader.read(line));
            }
            return lines;
        }

        /** The names of a list's items. */
        List<String> names() throws IOException {
            return json().list("items").stream()
                    .map(item -> item.text("metadata", "name").orElse(""))
                    .toList();
        }
    }
}
