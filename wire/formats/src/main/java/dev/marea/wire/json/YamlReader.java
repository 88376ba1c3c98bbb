package dev.marea.wire.json;

import dev.marea.wire.json.JsonReader.MalformedJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/**
 * Builds JSON values straight from a parser's events, so that every limit is checked before the
 * memory is spent and every refusal names its line.
 */
final class YamlReader {
    private static final int DEPTH_MAX = 100;

    /** Values of all documents together, with every alias counted as what it stands for. */
    private static final int VALUES_MAX = 500_000;

    private static final int ALIASES_MAX = 100;

    /** Kubernetes' YAML is 1.1 in this: file modes are written 0644. */
    private static final Pattern OCTAL = Pattern.compile("[-+]?0[0-7]+");

    private static final CoreScalarResolver RESOLVER = new CoreScalarResolver(false);

    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int values;
    private int aliases;

    /**
     * @param size how many values it holds
     * @param depth how many levels it nests
     */
    private record Anchored(Json value, int size, int depth) {}

    YamlReader(Iterator<Event> events) {
        this.events = events;
    }

    List<Json> documents() throws MalformedJson {
        var documents = new ArrayList<Json>();
        while (events.hasNext()) {
            var event = events.next();
            if (event.getEventId() == Event.ID.DocumentStart) {
                anchors.clear();
                var document = value(events.next(), 0);
                if (!(document instanceof Json.Null)) {
                    documents.add(document);
                }
            }
        }
        return documents;
    }

    private Json value(Event event, int depth) throws MalformedJson {
        if (depth > DEPTH_MAX) {
            throw at(event, "is nested more than " + DEPTH_MAX + " levels deep");
        }
        count(event, 1);
        int before = values;
        var value =
                switch (event.getEventId()) {
                    case Scalar -> scalar((ScalarEvent) event);
                    case MappingStart -> mapping((CollectionStartEvent) event, depth);
                    case SequenceStart -> sequence((CollectionStartEvent) event, depth);
                    case Alias -> alias((AliasEvent) event, depth);
                    case StreamStart,
                            StreamEnd,
                            DocumentStart,
                            DocumentEnd,
                            MappingEnd,
                            SequenceEnd,
                            Comment ->
                            throw at(event, "unexpected " + event.getEventId());
                };
        if (event instanceof NodeEvent node && event.getEventId() != Event.ID.Alias) {
            int size = values - before + 1;
            node.getAnchor()
                    .ifPresent(anchor ->
                            anchors.put(
                                    anchor.getValue(), new Anchored(value, size, depth(value))));
        }
        return value;
    }

    private void count(Event event, int more) throws MalformedJson {
        values += more;
        if (values > VALUES_MAX) {
            throw at(event, "the documents hold more than " + VALUES_MAX + " values");
        }
    }

    private Json alias(AliasEvent event, int depth) throws MalformedJson {
        var name = event.getAlias().getValue();
        var anchored = anchors.get(name);
        if (anchored == null) {
            throw at(event, "alias *" + name + " stands for nothing, or for what it is part of");
        }
        aliases++;
        if (aliases > ALIASES_MAX) {
            throw at(event, "more than " + ALIASES_MAX + " aliases");
        }
        if (depth + anchored.depth() > DEPTH_MAX) {
            throw at(event, "is nested more than " + DEPTH_MAX + " levels deep");
        }
        count(event, anchored.size());
        return anchored.value();
    }

    private Json.Obj mapping(CollectionStartEvent start, int depth) throws MalformedJson {
        refuseTag(start, start.getTag().orElse(""), "map");
        var fields = new LinkedHashMap<String, Json>();
        for (var event = events.next();
                event.getEventId() != Event.ID.MappingEnd;
                event = events.next()) {
            var name = name(event);
            var value = value(events.next(), depth + 1);
            if (fields.putIfAbsent(name, value) != null) {
                throw at(event, "\"" + name + "\" stands there twice");
            }
        }
        return new Json.Obj(fields);
    }

    private String name(Event event) throws MalformedJson {
        if (!(event instanceof ScalarEvent key)) {
            throw at(event, "the name of a field must be text, not a list, an object or an alias");
        }
        if (key.isPlain() && key.getValue().equals("<<")) {
            throw at(event, "merge keys (<<) are not taken; write the fields out");
        }
        if (!(scalar(key) instanceof Json.Str(var name))) {
            throw at(
                    event,
                    "the name of a field must be text; put " + key.getValue() + " in quotes");
        }
        return name;
    }

    private Json.Arr sequence(CollectionStartEvent start, int depth) throws MalformedJson {
        refuseTag(start, start.getTag().orElse(""), "seq");
        var items = new ArrayList<Json>();
        for (var event = events.next();
                event.getEventId() != Event.ID.SequenceEnd;
                event = events.next()) {
            items.add(value(event, depth + 1));
        }
        return new Json.Arr(items);
    }

    private Json scalar(ScalarEvent event) throws MalformedJson {
        var text = event.getValue();
        refuseTag(event, event.getTag().orElse(""), "str");
        if (event.getTag().isPresent() || !event.isPlain()) {
            return new Json.Str(text);
        }
        if (OCTAL.matcher(text).matches()) {
            return integer(event, text, 8);
        }
        var tag = RESOLVER.resolve(text, true);
        if (tag.equals(Tag.INT)) {
            return text.startsWith("0o")
                    ? integer(event, text.substring(2), 8)
                    : text.startsWith("0x")
                            ? integer(event, text.substring(2), 16)
                            : integer(event, text, 10);
        }
        if (tag.equals(Tag.FLOAT)) {
            return decimal(event, text);
        }
        if (tag.equals(Tag.BOOL)) {
            return new Json.Bool(text.equalsIgnoreCase("true"));
        }
        return tag.equals(Tag.NULL) ? Json.Null.VALUE : new Json.Str(text);
    }

    private static Json integer(ScalarEvent event, String digits, int radix) throws MalformedJson {
        try {
            return new Json.Int(Long.parseLong(digits, radix));
        } catch (NumberFormatException _) {
            return decimal(event, radix == 10 ? digits : "too large");
        }
    }

    private static Json decimal(ScalarEvent event, String text) throws MalformedJson {
        double number;
        try {
            number = text.length() > 1_000 ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException _) {
            number = Double.NaN;
        }
        if (!Double.isFinite(number)) {
            throw at(event, event.getValue() + " is no number that JSON has; put text in quotes");
        }
        return new Json.Dec(number);
    }

    /** The only tag that changes nothing is the type that the value has anyway, and !!str. */
    private static void refuseTag(Event event, String tag, String own) throws MalformedJson {
        if (!tag.isEmpty() && !tag.equals("!") && !tag.equals(Tag.PREFIX + own)) {
            throw at(event, "the tag " + tag + " is not taken; write plain values");
        }
    }

    private static int depth(Json value) {
        return switch (value) {
            case Json.Obj(var fields) ->
                    1 + fields.values().stream().mapToInt(YamlReader::depth).max().orElse(0);
            case Json.Arr(var items) ->
                    1 + items.stream().mapToInt(YamlReader::depth).max().orElse(0);
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> 0;
        };
    }

    private static MalformedJson at(Event event, String message) {
        var place =
                event.getStartMark()
                        .map(mark ->
                                "line %d, column %d: "
                                        .formatted(mark.getLine() + 1, mark.getColumn() + 1))
                        .orElse("");
        return new MalformedJson(place + message);
    }
}
