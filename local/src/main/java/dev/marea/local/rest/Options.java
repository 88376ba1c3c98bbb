package dev.marea.local.rest;

import dev.marea.local.api.Terms;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Deletion.Propagation;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.schema.FieldValidation;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The query parameters and options objects that go with a write. */
final class Options {
    private static final int MANAGER_MAX = 128;

    private Options() {}

    static Terms terms(Request request, Json.Obj options, boolean conditional, Answers answers)
            throws Refusal {
        var validation = request.parameter("fieldValidation").orElse("");
        return new Terms(
                manager(request),
                dryRun(request, options),
                FieldValidation.of(validation)
                        .orElseThrow(() ->
                                unsupported(
                                        "fieldValidation",
                                        validation,
                                        "\"Ignore\", \"Strict\", \"Warn\"")),
                conditional,
                answers::warn);
    }

    /** Who writes: the name given, or the program's. */
    static String manager(Request request) throws Refusal {
        var named = request.parameter("fieldManager").orElse("");
        if (named.length() > MANAGER_MAX) {
            throw invalid(
                    FieldError.invalid(
                            "fieldManager",
                            "Invalid value: \"%s\": may not be more than %d bytes"
                                    .formatted(named, MANAGER_MAX)));
        }
        if (!named.isEmpty()) {
            return named;
        }
        var agent = request.header("user-agent").orElse("").split("/", 2)[0].strip();
        var printable = agent.replaceAll("[^\\x20-\\x7e]", "");
        if (printable.isEmpty()) {
            return "unknown";
        }
        return printable.substring(0, Math.min(MANAGER_MAX, printable.length()));
    }

    private static boolean dryRun(Request request, Json.Obj options) throws Refusal {
        var wanted = new ArrayList<String>();
        if (queryCounts(options)) {
            wanted.addAll(request.query().getOrDefault("dryRun", List.of()));
        }
        options.list("dryRun").forEach(item -> item.text().ifPresent(wanted::add));
        wanted.removeIf(String::isEmpty);
        for (var value : wanted) {
            if (!value.equals("All")) {
                throw unsupported("dryRun", value, "\"All\"");
            }
        }
        return !wanted.isEmpty();
    }

    private static Refusal unsupported(String field, String value, String supported) {
        return invalid(
                new FieldError(
                        field,
                        "FieldValueNotSupported",
                        "Unsupported value: \"%s\": supported values: %s"
                                .formatted(value, supported)));
    }

    static Refusal invalid(FieldError error) {
        var options = new Resource("meta.k8s.io", "v1", "options", "Options", false);
        return Refusal.invalid(options, "", List.of(error));
    }

    /** As a real API server has it: a body with options is all of them, else the query has them. */
    private static boolean queryCounts(Json.Obj options) {
        return options.fields().isEmpty();
    }

    /** From the body, or else from the query, which old clients use. */
    static Deletion deletion(Request request, Json.Obj options) throws Refusal {
        return new Deletion(
                grace(request, options),
                propagation(request, options),
                options.text("preconditions", "uid"),
                options.text("preconditions", "resourceVersion"));
    }

    private static OptionalLong grace(Request request, Json.Obj options) throws Refusal {
        var fromBody = options.integer("gracePeriodSeconds");
        var text = request.parameter("gracePeriodSeconds").orElse("");
        if (!queryCounts(options) || text.isEmpty()) {
            return fromBody;
        }
        if (!text.matches("-?\\d{1,15}")) {
            throw Refusal.badRequest("gracePeriodSeconds must be a number, was \"" + text + "\"");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static Optional<Propagation> propagation(Request request, Json.Obj options)
            throws Refusal {
        if (options.flag("orphanDependents")) {
            return Optional.of(Propagation.ORPHAN);
        }
        var word =
                options.text("propagationPolicy")
                        .or(() ->
                                queryCounts(options)
                                        ? request.parameter("propagationPolicy")
                                        : Optional.empty())
                        .orElse("");
        return switch (word) {
            case "" -> Optional.empty();
            case "Background" -> Optional.of(Propagation.BACKGROUND);
            case "Foreground" -> Optional.of(Propagation.FOREGROUND);
            case "Orphan" -> Optional.of(Propagation.ORPHAN);
            default ->
                    throw unsupported(
                            "propagationPolicy",
                            word,
                            "\"Foreground\", \"Background\", \"Orphan\", \"nil\"");
        };
    }
}
