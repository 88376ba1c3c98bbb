package dev.marea.wire.llm.anthropic;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.openai.Usage;
import dev.marea.wire.llm.sse.SseWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The chunks of a chat as Anthropic's events. One block is open at a time: text, thinking or a tool
 * call; the next kind closes it.
 */
public final class MessagesStream {
    private enum Block {
        NONE,
        TEXT,
        THINKING,
        TOOL
    }

    private final String model;
    private List<byte[]> events = new ArrayList<>();
    private Usage usage = Usage.of(0, 0);
    private String stopReason = "end_turn";
    private Json stopSequence = Json.Null.VALUE;
    private Block open = Block.NONE;
    private int index = -1;
    private long call = -1;
    private boolean started;
    private boolean over;

    public MessagesStream(String model) {
        this.model = model;
    }

    /** The events that a chunk makes. */
    public List<byte[]> chunk(Json chunk) {
        start(chunk.text("id").orElse(""));
        if (chunk.at("usage").orElse(Json.Null.VALUE) instanceof Json.Obj used) {
            usage = Usage.read(used);
        }
        for (var choice : chunk.list("choices")) {
            if (choice.integer("index").orElse(0) == 0) {
                delta(choice.object("delta"));
                if (choice.text("finish_reason").isPresent()) {
                    stopReason = StopReason.of(choice);
                    stopSequence = StopReason.sequence(choice);
                }
            }
        }
        return take();
    }

    private void delta(Json.Obj delta) {
        var thought = delta.text("reasoning_content").or(() -> delta.text("reasoning")).orElse("");
        if (!thought.isEmpty()) {
            become(
                    Block.THINKING,
                    Json.Obj.of("type", "thinking", "thinking", "", "signature", ""));
            blockDelta(Json.Obj.of("type", "thinking_delta", "thinking", thought));
        }
        var text = delta.text("content").orElse("");
        if (!text.isEmpty()) {
            become(Block.TEXT, Json.Obj.of("type", "text", "text", ""));
            blockDelta(Json.Obj.of("type", "text_delta", "text", text));
        }
        delta.list("tool_calls").forEach(this::call);
    }

    private void call(Json fragment) {
        long number = fragment.integer("index").orElse(0);
        if (open != Block.TOOL || number != call) {
            close();
            call = number;
            open(
                    Block.TOOL,
                    Json.Obj.of(
                            "type",
                            "tool_use",
                            "id",
                            fragment.text("id").orElse(""),
                            "name",
                            fragment.text("function", "name").orElse(""),
                            "input",
                            Json.Obj.EMPTY));
        }
        var arguments = fragment.text("function", "arguments").orElse("");
        if (!arguments.isEmpty()) {
            blockDelta(Json.Obj.of("type", "input_json_delta", "partial_json", arguments));
        }
    }

    /** The stream has ended as it should. */
    public List<byte[]> end() {
        if (over) {
            return List.of();
        }
        over = true;
        start("");
        close();
        var delta = Json.Obj.of("stop_reason", stopReason, "stop_sequence", stopSequence);
        tell("message_delta", Json.Obj.of("delta", delta, "usage", MessagesReply.usage(usage)));
        tell("message_stop", Json.Obj.EMPTY);
        return take();
    }

    /** The stream broke: an event says so, and nothing that looks like an end follows. */
    public List<byte[]> fail(AnthropicError error) {
        if (over) {
            return List.of();
        }
        over = true;
        events.add(SseWriter.event("error", error.json()));
        return take();
    }

    /** What keeps a waiting client's connection alive. */
    public static byte[] ping() {
        return SseWriter.event("ping", Json.Obj.of("type", "ping"));
    }

    private void start(String id) {
        if (started) {
            return;
        }
        started = true;
        var message =
                Json.Obj.of(
                        "id",
                        "msg_" + id.replaceFirst("^chatcmpl-", ""),
                        "type",
                        "message",
                        "role",
                        "assistant",
                        "model",
                        model,
                        "content",
                        Json.Arr.EMPTY,
                        "stop_reason",
                        Json.Null.VALUE,
                        "stop_sequence",
                        Json.Null.VALUE,
                        "usage",
                        MessagesReply.usage(Usage.of(0, 0)));
        tell("message_start", Json.Obj.of("message", message));
    }

    private void become(Block block, Json.Obj empty) {
        if (open != block) {
            close();
            open(block, empty);
        }
    }

    private void open(Block block, Json.Obj empty) {
        open = block;
        index++;
        tell("content_block_start", Json.Obj.of("index", index, "content_block", empty));
    }

    private void close() {
        if (open != Block.NONE) {
            open = Block.NONE;
            tell("content_block_stop", Json.Obj.of("index", index));
        }
    }

    private void blockDelta(Json.Obj delta) {
        tell("content_block_delta", Json.Obj.of("index", index, "delta", delta));
    }

    private void tell(String type, Json.Obj rest) {
        var fields = new java.util.LinkedHashMap<String, Json>();
        fields.put("type", new Json.Str(type));
        fields.putAll(rest.fields());
        events.add(SseWriter.event(type, new Json.Obj(fields)));
    }

    private List<byte[]> take() {
        var taken = events;
        events = new ArrayList<>();
        return taken;
    }
}
