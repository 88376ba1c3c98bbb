package dev.marea.local.rest;

import dev.marea.local.node.PodLogs;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.wire.http.Request;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** {@code pods/NAME/log}: from query parameters to the node's files. */
final class Logs {
    private final PodLogs logs;
    private final Clock clock;

    Logs(PodLogs logs, Clock clock) {
        this.logs = logs;
        this.clock = clock;
    }

    void answer(Request request, Key pod, Answers answers)
            throws IOException, InterruptedException, Refusal {
        var log = logs.open(pod.namespace(), pod.name(), query(request));
        try (var out = answers.response().stream(200, answers.headers("text/plain"))) {
            out.flush();
            log.writeTo(out, answers.response()::clientGone);
        }
    }

    private PodLogs.Query query(Request request) throws Refusal {
        var tail = number(request, "tailLines");
        return new PodLogs.Query(
                request.parameter("container").filter(name -> !name.isEmpty()),
                Flags.of(request, "follow"),
                Flags.of(request, "previous"),
                Flags.of(request, "timestamps"),
                since(request),
                tail.isPresent()
                        ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, tail.getAsLong()))
                        : OptionalInt.empty(),
                number(request, "limitBytes"));
    }

    private Optional<Instant> since(Request request) throws Refusal {
        var seconds = number(request, "sinceSeconds");
        if (seconds.isPresent()) {
            return Optional.of(clock.instant().minusSeconds(seconds.getAsLong()));
        }
        var time = request.parameter("sinceTime").filter(text -> !text.isEmpty());
        try {
            return time.map(Instant::parse);
        } catch (DateTimeParseException _) {
            throw Refusal.badRequest("sinceTime must be a time as 2026-11-01T12:00:00Z");
        }
    }

    private static OptionalLong number(Request request, String name) throws Refusal {
        var text = request.parameter(name).orElse("");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.matches("\\d{1,12}")) {
            throw Refusal.badRequest(name + " must be a number, was \"" + text + "\"");
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
