package dev.marea.kubernetes.webhook;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** The answer to a review. */
sealed interface Judgement {
    /** What an API server lets through to the author; it drops what is beyond. */
    int WARNING_CHARACTERS_MAX = 256;

    int WARNINGS_CHARACTERS_MAX = 4096;

    List<String> warnings();

    record Admitted(List<String> warnings) implements Judgement {}

    /** The manifest is wrong, whoever wrote it. */
    record Invalid(List<FieldError> errors, List<String> warnings) implements Judgement {}

    /** Its author may not use what it refers to. */
    record Forbidden(List<FieldError> errors, List<String> warnings) implements Judgement {}

    /** Nobody knows, so no; the author may try again. */
    record Unknown(String why) implements Judgement {
        @Override
        public List<String> warnings() {
            return List.of();
        }
    }

    static Json.Obj answer(Review review, Judgement judgement) {
        var response = new LinkedHashMap<String, Object>();
        response.put("uid", review.uid());
        response.put("allowed", judgement instanceof Admitted);
        switch (judgement) {
            case Admitted _ -> {}
            case Invalid(var errors, _) ->
                    response.put("status", refusal(review, 422, "Invalid", "is invalid", errors));
            case Forbidden(var errors, _) -> {
                response.put("status", refusal(review, 403, "Forbidden", "is forbidden", errors));
                response.put("auditAnnotations", Json.Obj.of("refused", lines(errors)));
            }
            case Unknown(var why) ->
                    response.put("status", status(503, "ServiceUnavailable", why, Json.Obj.EMPTY));
        }
        var warnings = fitting(judgement.warnings());
        if (!warnings.isEmpty()) {
            response.put("warnings", warnings);
        }
        return Json.Obj.of(
                "apiVersion",
                Review.API_VERSION,
                "kind",
                "AdmissionReview",
                "response",
                Json.of(response));
    }

    private static Json.Obj refusal(
            Review review, int code, String reason, String verdict, List<FieldError> errors) {
        var causes = new ArrayList<Json>();
        for (var error : errors) {
            causes.add(
                    Json.Obj.of(
                            "reason",
                            error.kind(),
                            "message",
                            error.message(),
                            "field",
                            error.field()));
        }
        var message =
                "%s.%s \"%s\" %s: %s"
                        .formatted(
                                review.kind(),
                                review.group(),
                                review.name(),
                                verdict,
                                lines(errors));
        var details =
                Json.Obj.of(
                        "name",
                        review.name(),
                        "group",
                        review.group(),
                        "kind",
                        review.kind(),
                        "causes",
                        causes);
        return status(code, reason, message, details);
    }

    private static Json.Obj status(int code, String reason, String message, Json.Obj details) {
        return Json.Obj.of(
                "status", "Failure", "code", code, "reason", reason, "message", message, "details",
                details);
    }

    /** As kube-apiserver lists mistakes. */
    private static String lines(List<FieldError> errors) {
        var lines = errors.stream().map(e -> e.field() + ": " + e.message()).distinct().toList();
        return lines.size() == 1
                ? lines.getFirst()
                : lines.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private static List<String> fitting(List<String> warnings) {
        var fitting = new ArrayList<String>();
        int room = WARNINGS_CHARACTERS_MAX;
        for (var warning : warnings) {
            var clipped =
                    warning.length() <= WARNING_CHARACTERS_MAX
                            ? warning
                            : warning.substring(0, WARNING_CHARACTERS_MAX - 3) + "...";
            room -= clipped.length();
            if (room < 0) {
                break;
            }
            fitting.add(clipped);
        }
        return fitting;
    }
}
