package dev.marea.local.patch;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import java.util.List;

/** The refusals of this package, in Kubernetes' words. */
final class Refusals {
    private Refusals() {}

    static Refusal badRequest(String message) {
        return new Refusal(400, "BadRequest", message, Json.Obj.EMPTY);
    }

    /** kube-apiserver says only the first half; the reason is what a person can act on. */
    static Refusal unprocessable(String reason) {
        return new Refusal(
                422,
                "Invalid",
                "the server rejected our request due to an error in our request: " + reason,
                Json.Obj.of("causes", List.of(Json.Obj.of("message", reason))));
    }
}
