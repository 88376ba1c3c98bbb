package dev.marea.local.node;

import dev.marea.local.objects.Meta;
import dev.marea.wire.json.Json;
import java.time.Instant;

/** What a container is doing. */
sealed interface ContainerState {
    record Waiting(String reason, String message) implements ContainerState {}

    record Running(Instant since) implements ContainerState {}

    record Ended(int exitCode, String reason, String message, Instant started, Instant finished)
            implements ContainerState {}

    default Json.Obj json() {
        return switch (this) {
            case Waiting(var reason, var message) ->
                    Json.Obj.of("waiting", said(Json.Obj.of("reason", reason), message));
            case Running(var since) ->
                    Json.Obj.of("running", Json.Obj.of("startedAt", Meta.stamp(since)));
            case Ended ended ->
                    Json.Obj.of(
                            "terminated",
                            said(
                                    Json.Obj.of(
                                            "exitCode", ended.exitCode(),
                                            "reason", ended.reason(),
                                            "startedAt", Meta.stamp(ended.started()),
                                            "finishedAt", Meta.stamp(ended.finished())),
                                    ended.message()));
        };
    }

    private static Json.Obj said(Json.Obj state, String message) {
        return message.isEmpty() ? state : state.with("message", Json.of(message));
    }
}
