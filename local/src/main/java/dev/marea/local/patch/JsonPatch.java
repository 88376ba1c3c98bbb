package dev.marea.local.patch;

import dev.marea.local.objects.Refusal;
import dev.marea.local.patch.JsonPointer.PatchFailed;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** JSON patch (RFC 6902): a list of operations, all done or none. */
public final class JsonPatch {
    private static final int OPERATIONS_MAX = 10_000;

    /** Copies can double a document with every operation; this many values may be copied in all. */
    private static final int COPIED_VALUES_MAX = 1_000_000;

    private static final Set<String> OPERATIONS =
            Set.of("add", "remove", "replace", "move", "copy", "test");

    private int copied;

    private JsonPatch() {}

    /** {@code patch} is the request's body: an array of operations. */
    public static Json.Obj apply(Json.Obj target, Json patch) throws Refusal {
        if (!(patch instanceof Json.Arr(var operations))) {
            throw Refusals.badRequest("error decoding patch: a JSON patch is a list of operations");
        }
        if (operations.size() > OPERATIONS_MAX) {
            throw new Refusal(
                    413,
                    "RequestEntityTooLarge",
                    "Request entity too large: The allowed maximum operations in a JSON patch is "
                            + "%d, got %d".formatted(OPERATIONS_MAX, operations.size()),
                    Json.Obj.EMPTY);
        }
        try {
            return new JsonPatch().all(target, operations);
        } catch (PatchFailed failed) {
            throw Refusals.unprocessable(String.valueOf(failed.getMessage()));
        }
    }

    private Json.Obj all(Json target, List<Json> operations) throws PatchFailed, Refusal {
        var document = target;
        for (var operation : operations) {
            document = one(document, operation);
        }
        if (document instanceof Json.Obj object) {
            return object;
        }
        throw new PatchFailed("the patch leaves no object");
    }

    private Json one(Json document, Json operation) throws PatchFailed, Refusal {
        var name = operation.text("op").orElse("");
        if (!OPERATIONS.contains(name)) {
            throw Refusals.badRequest("error decoding patch: unexpected kind: \"" + name + "\"");
        }
        var path = pointer(operation, "path", name);
        return switch (name) {
            case "add" -> add(document, path, value(operation, name));
            case "remove" -> remove(document, path, name);
            case "replace" -> replace(document, path, value(operation, name));
            case "move" -> {
                var from = pointer(operation, "from", name);
                if (path.startsWith(from)) {
                    throw new PatchFailed(
                            "move operation does not apply: "
                                    + from.text()
                                    + " cannot move into itself");
                }
                yield add(remove(document, from, name), path, found(document, from, name));
            }
            case "copy" -> {
                var source = found(document, pointer(operation, "from", name), name);
                count(source);
                yield add(document, path, source);
            }
            default -> {
                test(document, path, operation.at("value").orElse(Json.Null.VALUE));
                yield document;
            }
        };
    }

    private static JsonPointer pointer(Json operation, String field, String name)
            throws PatchFailed {
        var text =
                operation
                        .text(field)
                        .orElseThrow(() ->
                                new PatchFailed(name + " operation has no \"" + field + "\""));
        return JsonPointer.parse(text);
    }

    private static Json value(Json operation, String name) throws PatchFailed {
        return operation
                .at("value")
                .orElseThrow(() -> new PatchFailed(name + " operation has no \"value\""));
    }

    private static void test(Json document, JsonPointer path, Json expected) throws PatchFailed {
        // A missing value equals null, as in the library that Kubernetes uses.
        if (!find(document, path.steps()).orElse(Json.Null.VALUE).equals(expected)) {
            throw new PatchFailed("testing value " + path.text() + " failed: test failed");
        }
    }

    private void count(Json value) throws PatchFailed {
        copied++;
        if (copied > COPIED_VALUES_MAX) {
            throw new PatchFailed("copy operations may copy " + COPIED_VALUES_MAX + " values");
        }
        switch (value) {
            case Json.Obj(var fields) -> {
                for (var field : fields.values()) {
                    count(field);
                }
            }
            case Json.Arr(var items) -> {
                for (var item : items) {
                    count(item);
                }
            }
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static Optional<Json> find(Json here, List<String> steps) {
        if (steps.isEmpty()) {
            return Optional.of(here);
        }
        var step = steps.getFirst();
        var next =
                switch (here) {
                    case Json.Obj(var fields) -> Optional.ofNullable(fields.get(step));
                    case Json.Arr(var items) -> index(step, items.size() - 1).map(items::get);
                    case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ ->
                            Optional.<Json>empty();
                };
        return next.flatMap(value -> find(value, steps.subList(1, steps.size())));
    }

    private static Json found(Json document, JsonPointer path, String operation)
            throws PatchFailed {
        return find(document, path.steps()).orElseThrow(() -> missing(path, operation));
    }

    private static PatchFailed missing(JsonPointer path, String operation) {
        return new PatchFailed(
                operation
                        + " operation does not apply: doc is missing path: \""
                        + path.text()
                        + "\": missing value");
    }

    private static Json add(Json document, JsonPointer path, Json value) throws PatchFailed {
        return edit(document, path, path.steps(), "add", new Put(value, true));
    }

    private static Json replace(Json document, JsonPointer path, Json value) throws PatchFailed {
        found(document, path, "replace");
        return edit(document, path, path.steps(), "replace", new Put(value, false));
    }

    private static Json remove(Json document, JsonPointer path, String name) throws PatchFailed {
        found(document, path, name);
        if (path.steps().isEmpty()) {
            throw new PatchFailed(name + " operation does not apply: the document itself stays");
        }
        return edit(document, path, path.steps(), name, new Cut());
    }

    /** What happens at the end of a path. */
    private sealed interface Edit {}

    private record Put(Json value, boolean insert) implements Edit {}

    private record Cut() implements Edit {}

    private static Json edit(
            Json here, JsonPointer path, List<String> steps, String name, Edit edit)
            throws PatchFailed {
        if (steps.isEmpty()) {
            return edit instanceof Put(var value, _) ? value : here;
        }
        var step = steps.getFirst();
        var rest = steps.subList(1, steps.size());
        return switch (here) {
            case Json.Obj object when rest.isEmpty() -> editField(object, step, edit);
            case Json.Arr list when rest.isEmpty() -> editItem(list, path, step, name, edit);
            case Json.Obj object -> {
                var next = object.at(step).orElseThrow(() -> missing(path, name));
                yield object.with(step, edit(next, path, rest, name, edit));
            }
            case Json.Arr(var items) -> {
                int at = index(step, items.size() - 1).orElseThrow(() -> missing(path, name));
                var changed = new ArrayList<>(items);
                changed.set(at, edit(items.get(at), path, rest, name, edit));
                yield new Json.Arr(changed);
            }
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ ->
                    throw missing(path, name);
        };
    }

    private static Json editField(Json.Obj object, String name, Edit edit) {
        return switch (edit) {
            case Put(var value, _) -> object.with(name, value);
            case Cut() -> object.without(name);
        };
    }

    private static Json editItem(
            Json.Arr list, JsonPointer path, String step, String name, Edit edit)
            throws PatchFailed {
        var items = new ArrayList<>(list.items());
        int last = edit instanceof Put(_, var insert) && insert ? items.size() : items.size() - 1;
        int at =
                step.equals("-") && last == items.size()
                        ? last
                        : index(step, last).orElseThrow(() -> missing(path, name));
        switch (edit) {
            case Put(var value, var insert) when insert -> items.add(at, value);
            case Put(var value, _) -> items.set(at, value);
            case Cut() -> items.remove(at);
        }
        return new Json.Arr(items);
    }

    /** An index without leading zeros, at most {@code last}. */
    private static Optional<Integer> index(String step, int last) {
        if (!step.matches("0|[1-9][0-9]{0,8}")) {
            return Optional.empty();
        }
        int index = Integer.parseInt(step);
        return index <= last ? Optional.of(index) : Optional.empty();
    }
}
