package dev.marea.local.objects;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A Kubernetes Status of failure: code, reason (NotFound, Conflict, Invalid ...) and details. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient Json.Obj details;

    public Refusal(int code, String reason, String message, Json.Obj details) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    public static Refusal notFound(Resource resource, String name) {
        return new Refusal(
                404,
                "NotFound",
                "%s \"%s\" not found".formatted(resource.qualified(), name),
                about(resource, name));
    }

    public static Refusal alreadyExists(Resource resource, String name) {
        return new Refusal(
                409,
                "AlreadyExists",
                "%s \"%s\" already exists".formatted(resource.qualified(), name),
                about(resource, name));
    }

    public static Refusal conflict(Resource resource, String name, String why) {
        return new Refusal(
                409,
                "Conflict",
                "Operation cannot be fulfilled on %s \"%s\": %s"
                        .formatted(resource.qualified(), name, why),
                about(resource, name));
    }

    /** The version that the author saw is no longer the stored one. */
    public static Refusal modified(Resource resource, String name) {
        return conflict(
                resource,
                name,
                "the object has been modified; please apply your changes to the latest version and"
                        + " try again");
    }

    public static Refusal forbidden(Resource resource, String name, String why) {
        var which = name.isEmpty() ? "" : " \"" + name + "\"";
        return new Refusal(
                403,
                "Forbidden",
                "%s%s is forbidden: %s".formatted(resource.qualified(), which, why),
                about(resource, name));
    }

    /** Clients know by the cause that another try is in vain. */
    public static Refusal namespaceTerminating(Key key) {
        var refusal =
                forbidden(
                        key.resource(),
                        key.name(),
                        "unable to create new content in namespace %s because it is being terminated"
                                .formatted(key.namespace()));
        var cause =
                Json.Obj.of(
                        "reason",
                        "NamespaceTerminating",
                        "message",
                        "namespace %s is being terminated".formatted(key.namespace()),
                        "field",
                        "metadata.namespace");
        return new Refusal(
                refusal.code(),
                refusal.reason(),
                String.valueOf(refusal.getMessage()),
                refusal.details().with("causes", Json.of(List.of(cause))));
    }

    public static Refusal badRequest(String message) {
        return new Refusal(400, "BadRequest", message, Json.Obj.EMPTY);
    }

    public static Refusal methodNotAllowed(String message) {
        return new Refusal(405, "MethodNotAllowed", message, Json.Obj.EMPTY);
    }

    /** The watch or list asks for a past that is no longer kept: list again. */
    public static Refusal expired(String message) {
        return new Refusal(410, "Expired", message, Json.Obj.EMPTY);
    }

    /** Worth another try after a moment. */
    public static Refusal busy(String message) {
        return new Refusal(429, "TooManyRequests", message, Json.Obj.of("retryAfterSeconds", 1));
    }

    public static Refusal tooLarge(String message) {
        return new Refusal(413, "RequestEntityTooLarge", message, Json.Obj.EMPTY);
    }

    public static Refusal internal(String message) {
        return new Refusal(
                500, "InternalError", "Internal error occurred: " + message, Json.Obj.EMPTY);
    }

    /** Names every mistake with its field, in the words of kube-apiserver. */
    public static Refusal invalid(Resource resource, String name, List<FieldError> errors) {
        var kind =
                resource.group().isEmpty()
                        ? resource.kind()
                        : resource.kind() + "." + resource.group();
        var lines = errors.stream().map(e -> e.field() + ": " + e.message()).distinct().toList();
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
        return new Refusal(
                422,
                "Invalid",
                "%s \"%s\" is invalid: %s"
                        .formatted(
                                kind,
                                name,
                                lines.size() == 1
                                        ? lines.getFirst()
                                        : lines.stream()
                                                .collect(Collectors.joining(", ", "[", "]"))),
                Json.Obj.of(
                        "name",
                        name,
                        "group",
                        resource.group(),
                        "kind",
                        resource.kind(),
                        "causes",
                        causes));
    }

    private static Json.Obj about(Resource resource, String name) {
        var details = Json.Obj.EMPTY;
        if (!name.isEmpty()) {
            details = details.with("name", Json.of(name));
        }
        if (!resource.group().isEmpty()) {
            details = details.with("group", Json.of(resource.group()));
        }
        return details.with("kind", Json.of(resource.plural()));
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    public Json.Obj details() {
        return details;
    }

    public boolean notFound() {
        return code == 404;
    }

    public boolean conflict() {
        return code == 409;
    }

    public boolean expired() {
        return code == 410;
    }

    /** The answer's body. */
    public Json.Obj status() {
        var status =
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
                        String.valueOf(getMessage()),
                        "reason",
                        reason);
        return (details.isEmpty() ? status : status.with("details", details))
                .with("code", Json.of(code));
    }
}
