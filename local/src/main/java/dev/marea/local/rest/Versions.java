package dev.marea.local.rest;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The {@code resourceVersion} of a list or watch. */
final class Versions {
    private Versions() {}

    static OptionalLong parse(Optional<String> text) throws Refusal {
        if (text.isEmpty() || text.get().isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("\\d{1,18}")) {
            throw Refusal.badRequest(
                    "resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax"
                            .formatted(text.get(), text.get()));
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    /** In the form by which clients know that they must begin without a version. */
    static Refusal fromTheFuture(long asked, long current) {
        return new Refusal(
                504,
                "Timeout",
                "Too large resource version: %d, current: %d".formatted(asked, current),
                Json.Obj.of(
                        "causes",
                        List.of(
                                Json.Obj.of(
                                        "reason",
                                        "ResourceVersionTooLarge",
                                        "message",
                                        "Too large resource version")),
                        "retryAfterSeconds",
                        1));
    }
}
