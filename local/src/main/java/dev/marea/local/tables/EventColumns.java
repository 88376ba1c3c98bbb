package dev.marea.local.tables;

import static dev.marea.local.tables.Column.number;
import static dev.marea.local.tables.Column.text;

import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An event's row: when, of which weight, about what. */
final class EventColumns {
    static final List<Column> ALL =
            List.of(
                    text("Last Seen", (o, now) -> lastSeen(o, now)),
                    Columns.at("Type", "", "type"),
                    Columns.at("Reason", "", "reason"),
                    text("Object", (o, _) -> about(o)),
                    Columns.at("Subobject", "", "involvedObject", "fieldPath").wide(),
                    text("Source", (o, _) -> source(o)).wide(),
                    text("Message", (o, _) -> o.text("message").orElse("").strip()),
                    text("First Seen", (o, now) -> firstSeen(o, now)).wide(),
                    number("Count", (o, _) -> count(o)).wide(),
                    Columns.name().wide());

    private EventColumns() {}

    private static String lastSeen(Json.Obj event, Instant now) {
        return time(event, "series", "lastObservedTime")
                .or(() -> time(event, "lastTimestamp"))
                .or(() -> time(event, "eventTime"))
                .map(seen -> Ages.since(seen, now))
                .orElseGet(() -> Columns.age(event, now));
    }

    private static String firstSeen(Json.Obj event, Instant now) {
        return time(event, "firstTimestamp")
                .or(() -> time(event, "eventTime"))
                .map(seen -> Ages.since(seen, now))
                .orElseGet(() -> Columns.age(event, now));
    }

    private static Optional<String> time(Json.Obj event, String... path) {
        return event.text(path).filter(text -> !text.isEmpty());
    }

    private static String about(Json.Obj event) {
        var object = event.object("involvedObject");
        return object.text("kind").orElse("").toLowerCase(Locale.ROOT)
                + "/"
                + object.text("name").orElse("");
    }

    private static String source(Json.Obj event) {
        var component =
                event.text("source", "component")
                        .filter(c -> !c.isEmpty())
                        .or(() -> event.text("reportingComponent"))
                        .orElse("");
        var host =
                event.text("source", "host")
                        .filter(h -> !h.isEmpty())
                        .or(() -> event.text("reportingInstance"))
                        .orElse("");
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static long count(Json.Obj event) {
        return event.integer("series", "count").orElse(event.integer("count").orElse(1));
    }
}
