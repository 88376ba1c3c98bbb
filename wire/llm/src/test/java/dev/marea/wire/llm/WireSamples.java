package dev.marea.wire.llm;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.llm.anthropic.AnthropicError;
import dev.marea.wire.llm.anthropic.MessagesReply;
import dev.marea.wire.llm.anthropic.MessagesStream;
import dev.marea.wire.llm.openai.ApiError;
import dev.marea.wire.llm.openai.ChatChoice;
import dev.marea.wire.llm.openai.ChatReply;
import dev.marea.wire.llm.openai.CompletionReply;
import dev.marea.wire.llm.openai.FinishReason;
import dev.marea.wire.llm.openai.ModelCard;
import dev.marea.wire.llm.openai.ReplyHead;
import dev.marea.wire.llm.openai.TokenLogprob;
import dev.marea.wire.llm.openai.Usage;
import dev.marea.wire.llm.openai.VectorReplies;
import dev.marea.wire.llm.openai.VectorRequests;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import dev.marea.wire.llm.responses.ResponsesReply;
import dev.marea.wire.llm.responses.ResponsesRequest;
import dev.marea.wire.llm.responses.ResponsesStream;
import dev.marea.wire.llm.sse.SseWriter;
import dev.marea.wire.llm.tools.Output;
import dev.marea.wire.llm.tools.OutputDelta;
import dev.marea.wire.llm.tools.ToolCall;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One answer in every dialect, for tests here and for the real clients of check/e2e. */
public final class WireSamples {
    public static final ChatReply REPLY =
            new ChatReply(new ReplyHead("chatcmpl-7", 1_790_000_000, "m"));
    private static final Usage USAGE = new Usage(12, 8, 4, 2);
    private static final List<TokenLogprob> LOGPROBS =
            List.of(
                    TokenLogprob.of(
                            "Hi",
                            -0.5,
                            List.of(
                                    TokenLogprob.of("Hi", -0.5, List.of()),
                                    TokenLogprob.of("Ho", Double.NEGATIVE_INFINITY, List.of()))));

    private WireSamples() {}

    /** Thoughts, text and two calls, as a chat's chunks. */
    public static List<Json> chunks() {
        var chunks = new ArrayList<Json>();
        chunks.add(REPLY.opening(0));
        for (var delta :
                List.of(
                        new OutputDelta.Reasoning("Let me "),
                        new OutputDelta.Reasoning("see."),
                        new OutputDelta.Content("Hi "),
                        new OutputDelta.Content("ä😀"),
                        new OutputDelta.CallStart(0, "call_a", "weather"),
                        new OutputDelta.CallArguments(0, "{\"city\": "),
                        new OutputDelta.CallArguments(0, "\"Rome\"}"),
                        new OutputDelta.CallStart(1, "call_b", "now"),
                        new OutputDelta.CallArguments(1, "{}"))) {
            chunks.add(REPLY.chunk(0, delta, Optional.empty()));
        }
        chunks.add(REPLY.closing(0, FinishReason.TOOL_CALLS, Optional.empty()));
        chunks.add(REPLY.usage(USAGE));
        return chunks;
    }

    public static Json whole() {
        var output =
                new Output(
                        "Let me see.",
                        "Hi ä😀",
                        List.of(
                                new ToolCall("call_a", "weather", "{\"city\": \"Rome\"}"),
                                new ToolCall("call_b", "now", "{}")));
        return REPLY.whole(
                List.of(
                        new ChatChoice(
                                0,
                                output,
                                FinishReason.TOOL_CALLS,
                                Optional.empty(),
                                Optional.of(LOGPROBS))),
                USAGE);
    }

    public static ResponsesRequest responsesRequest() throws Exception {
        return ResponsesRequest.read(
                Json.Obj.of("model", "m", "input", "hi", "stream", true), RequestLimits.DEFAULT);
    }

    static byte[] joined(List<byte[]> events) {
        var out = new ByteArrayOutputStream();
        events.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] chatStream() {
        var events = new ArrayList<byte[]>();
        events.add(SseWriter.comment("waiting"));
        chunks().forEach(chunk -> events.add(SseWriter.data(chunk)));
        events.add(SseWriter.DONE);
        return joined(events);
    }

    private static byte[] messagesStream(boolean breaks) {
        var stream = new MessagesStream("m");
        var events = new ArrayList<byte[]>();
        events.add(MessagesStream.ping());
        for (var chunk : breaks ? chunks().subList(0, 5) : chunks()) {
            events.addAll(stream.chunk(chunk));
        }
        events.addAll(
                breaks ? stream.fail(AnthropicError.of(503, "the engine died")) : stream.end());
        return joined(events);
    }

    private static byte[] responsesStream(boolean breaks) throws Exception {
        var stream = new ResponsesStream(responsesRequest(), "7", 1_790_000_000);
        var events = new ArrayList<byte[]>(stream.start());
        events.add(SseWriter.comment("waiting"));
        for (var chunk : breaks ? chunks().subList(0, 5) : chunks()) {
            events.addAll(stream.chunk(chunk));
        }
        events.addAll(breaks ? stream.fail("server_error", "the engine died") : stream.end());
        return joined(events);
    }

    private static byte[] brokenChat() {
        var events = new ArrayList<byte[]>();
        chunks().subList(0, 5).forEach(chunk -> events.add(SseWriter.data(chunk)));
        events.add(SseWriter.data(ApiError.of(503, "the engine died").json()));
        return joined(events);
    }

    /** Writes the samples into the folder named by the argument. */
    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        var completion = new CompletionReply(REPLY.head());
        var choice =
                new CompletionReply.Choice(
                        0,
                        "Hi",
                        0,
                        Optional.of(FinishReason.STOP),
                        Optional.of("\n"),
                        Optional.of(LOGPROBS));
        var embedding =
                VectorRequests.embeddings(
                        JsonReader.read(
                                "{\"model\":\"m\",\"input\":\"x\",\"encoding_format\":\"base64\"}"),
                        RequestLimits.DEFAULT);
        var bad = new InvalidRequest("messages[0].role", "messages[0].role is required");
        Files.write(folder.resolve("chat.sse"), chatStream());
        Files.write(folder.resolve("chat_broken.sse"), brokenChat());
        Files.write(folder.resolve("messages.sse"), messagesStream(false));
        Files.write(folder.resolve("messages_broken.sse"), messagesStream(true));
        Files.write(folder.resolve("responses.sse"), responsesStream(false));
        Files.write(folder.resolve("responses_broken.sse"), responsesStream(true));
        write(folder, "chat.json", whole());
        write(folder, "messages.json", MessagesReply.of(whole(), "m"));
        write(folder, "responses.json", ResponsesReply.of(whole(), responsesRequest()));
        write(folder, "completion.json", completion.whole(List.of(choice), USAGE));
        write(
                folder,
                "embeddings.json",
                VectorReplies.embeddings(embedding, List.of(new float[] {1, -0.5f}), 3));
        write(
                folder,
                "models.json",
                ModelCard.list(
                        List.of(new ModelCard("m", 1, "m", Optional.empty(), OptionalInt.of(8)))));
        write(folder, "error.json", ApiError.badRequest(bad).json());
        write(folder, "error_anthropic.json", AnthropicError.of(404, "no such model").json());
    }

    private static void write(Path folder, String name, Json value) throws Exception {
        Files.write(folder.resolve(name), JsonWriter.bytes(value));
    }
}
