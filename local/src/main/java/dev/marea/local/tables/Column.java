package dev.marea.local.tables;

import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * One column and how an object fills it.
 *
 * @param priority 0 is always shown, 1 only with {@code -o wide}
 */
record Column(
        String name,
        String type,
        String format,
        int priority,
        BiFunction<Json.Obj, Instant, Json> cell) {

    static Column text(String name, BiFunction<Json.Obj, Instant, String> cell) {
        return new Column(name, "string", "", 0, (object, now) -> Json.of(cell.apply(object, now)));
    }

    static Column number(String name, BiFunction<Json.Obj, Instant, Long> cell) {
        return new Column(
                name, "integer", "", 0, (object, now) -> Json.of(cell.apply(object, now)));
    }

    Column wide() {
        return new Column(name, type, format, 1, cell);
    }

    Column asName() {
        return new Column(name, type, "name", priority, cell);
    }

    Json definition() {
        return Json.Obj.of(
                "name",
                name,
                "type",
                type,
                "format",
                format,
                "description",
                "",
                "priority",
                priority);
    }
}
