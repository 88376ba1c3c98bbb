package dev.marea.check.faults;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.util.Map;

/** What a middlebox does with a request. */
sealed interface Move {
    Move PASS = new Pass();
    Move LOSE = new Lose();
    Move CUT = new Cut();

    /** As if there were no middlebox. */
    record Pass() implements Move {}

    /** The API does what was asked, and the client never hears of it. */
    record Lose() implements Move {}

    /** The API hears nothing, and the client's connection ends. */
    record Cut() implements Move {}

    /** The API hears nothing, and this is the answer. */
    record Answer(int status, Map<String, String> headers, byte[] body) implements Move {}

    /** As the API itself would say no. */
    static Move refuse(int status, String reason, String message) {
        return refuse(status, reason, message, Map.of());
    }

    static Move refuse(int status, String reason, String message, Map<String, String> headers) {
        var told =
                Json.Obj.of(
                        "kind",
                        "Status",
                        "apiVersion",
                        "v1",
                        "metadata",
                        Json.Obj.EMPTY,
                        "status",
                        "Failure",
                        "message",
                        message,
                        "reason",
                        reason,
                        "code",
                        status);
        return new Answer(status, headers, JsonWriter.bytes(told));
    }

    /** The answer to a list that a slow replica of the API would give. */
    static Move said(byte[] earlier) {
        return new Answer(200, Map.of(), earlier);
    }
}
