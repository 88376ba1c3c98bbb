package dev.marea.wire.llm.responses;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.openai.Usage;
import dev.marea.wire.llm.sse.SseWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * The chunks of a chat as the events of a response, in the order that clients rely on: an item is
 * added, its parts grow, each is said to be done, and then the item is.
 */
public final class ResponsesStream {
    private final List<Json> output = new ArrayList<>();
    private List<byte[]> events = new ArrayList<>();
    private final ResponseShape shape;
    private OpenItem open = OpenItem.NONE;
    private Optional<Usage> usage = Optional.empty();
    private String finish = "stop";
    private long sequence;
    private boolean started;
    private boolean over;

    public ResponsesStream(ResponsesRequest request, String id, long created) {
        this.shape = new ResponseShape("resp_" + id, created, request.model(), request.asked());
    }

    /** The first events, which may be told before the engine answers. */
    public List<byte[]> start() {
        if (!started) {
            started = true;
            var response = shape.of("in_progress", List.of(), Optional.empty());
            tell("response.created", Json.Obj.of("response", response));
            tell("response.in_progress", Json.Obj.of("response", response));
        }
        return take();
    }

    public List<byte[]> chunk(Json chunk) {
        var first = new ArrayList<>(start());
        if (chunk.at("usage").orElse(Json.Null.VALUE) instanceof Json.Obj used) {
            usage = Optional.of(Usage.read(used));
        }
        for (var choice : chunk.list("choices")) {
            if (choice.integer("index").orElse(0) == 0) {
                delta(choice.object("delta"));
                finish = choice.text("finish_reason").orElse(finish);
            }
        }
        first.addAll(take());
        return first;
    }

    private void delta(Json.Obj delta) {
        var thought = delta.text("reasoning_content").or(() -> delta.text("reasoning")).orElse("");
        if (!thought.isEmpty()) {
            become(OpenItem.Kind.REASONING, thought);
        }
        var text = delta.text("content").orElse("");
        if (!text.isEmpty()) {
            become(OpenItem.Kind.MESSAGE, text);
        }
        delta.list("tool_calls").forEach(this::call);
    }

    private void become(OpenItem.Kind kind, String text) {
        if (open.kind() != kind) {
            close();
            open(new OpenItem(kind, itemId(kind.prefix()), -1, "", "", new StringBuilder()));
        }
        grow(text);
    }

    private void call(Json fragment) {
        long number = fragment.integer("index").orElse(0);
        if (open.kind() != OpenItem.Kind.CALL || open.call() != number) {
            close();
            open(
                    new OpenItem(
                            OpenItem.Kind.CALL,
                            itemId(OpenItem.Kind.CALL.prefix()),
                            number,
                            fragment.text("id").orElse(""),
                            fragment.text("function", "name").orElse(""),
                            new StringBuilder()));
        }
        var arguments = fragment.text("function", "arguments").orElse("");
        if (!arguments.isEmpty()) {
            grow(arguments);
        }
    }

    private String itemId(String prefix) {
        return prefix + shape.id().replaceFirst("^resp_", "") + "_" + output.size();
    }

    private void open(OpenItem item) {
        open = item;
        tell(
                "response.output_item.added",
                Json.Obj.of("output_index", output.size(), "item", item.begun()));
        if (item.kind() == OpenItem.Kind.MESSAGE) {
            part("response.content_part.added", Json.Obj.of("part", ResponseShape.text("")));
        }
    }

    private void grow(String text) {
        open.text().append(text);
        switch (open.kind()) {
            case NONE -> {}
            case MESSAGE ->
                    part(
                            "response.output_text.delta",
                            Json.Obj.of("delta", text, "logprobs", List.of()));
            case REASONING -> part("response.reasoning_text.delta", Json.Obj.of("delta", text));
            case CALL -> item("response.function_call_arguments.delta", Json.Obj.of("delta", text));
        }
    }

    private void close() {
        var text = open.text().toString();
        switch (open.kind()) {
            case NONE -> {
                return;
            }
            case MESSAGE -> {
                part("response.output_text.done", Json.Obj.of("text", text, "logprobs", List.of()));
                part("response.content_part.done", Json.Obj.of("part", ResponseShape.text(text)));
            }
            case REASONING -> part("response.reasoning_text.done", Json.Obj.of("text", text));
            case CALL ->
                    item(
                            "response.function_call_arguments.done",
                            Json.Obj.of("name", open.name(), "arguments", text));
        }
        var item = open.whole();
        tell("response.output_item.done", Json.Obj.of("output_index", output.size(), "item", item));
        output.add(item);
        open = OpenItem.NONE;
    }

    /** The stream has ended as it should. */
    public List<byte[]> end() {
        if (over) {
            return List.of();
        }
        var first = new ArrayList<>(start());
        over = true;
        close();
        var status = ResponseShape.status(finish);
        var whole = usage.or(() -> Optional.of(Usage.of(0, 0)));
        tell("response." + status, Json.Obj.of("response", shape.of(status, output, whole)));
        first.addAll(take());
        return first;
    }

    /** The stream broke: the response failed, and says why. */
    public List<byte[]> fail(String code, String message) {
        if (over) {
            return List.of();
        }
        var first = new ArrayList<>(start());
        over = true;
        tell("response.failed", Json.Obj.of("response", shape.failed(output, code, message)));
        first.addAll(take());
        return first;
    }

    private void part(String type, Json.Obj rest) {
        item(type, rest.with("content_index", new Json.Int(0)));
    }

    private void item(String type, Json.Obj rest) {
        tell(
                type,
                rest.with("item_id", new Json.Str(open.id()))
                        .with("output_index", new Json.Int(output.size())));
    }

    private void tell(String type, Json.Obj rest) {
        var fields = new LinkedHashMap<String, Json>();
        fields.put("type", new Json.Str(type));
        fields.put("sequence_number", new Json.Int(sequence++));
        fields.putAll(rest.fields());
        events.add(SseWriter.event(type, new Json.Obj(fields)));
    }

    private List<byte[]> take() {
        var taken = events;
        events = new ArrayList<>();
        return taken;
    }
}
