package dev.marea.gateway;

import dev.marea.core.route.ModelNames;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.wire.llm.openai.ApiError;
import dev.marea.wire.llm.peek.ModelPeek;
import dev.marea.wire.llm.peek.ModelPeek.Seen;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * On a host that is no service's, the body says which model is meant. What has come of it is kept
 * until that is known, and goes on as it came, but for a model that its engine knows by another
 * name.
 */
final class ModelChoice {
    /** SDKs write the messages before the model, so that nearly all of a body may come first. */
    private static final int PEEK_BYTES_MAX = 16 << 20;

    /** What was found out. */
    sealed interface Found {
        record NotYet() implements Found {}

        record Chosen(Route route) implements Found {}

        record Refused(Answer answer) implements Found {}
    }

    private final ModelPeek peek;
    private final RequestBody body;
    private final PeekBudget budget;
    private int held;
    private String asked = "";

    ModelChoice(HttpHeaders request, RequestBody body, PeekBudget budget) {
        var type = Objects.requireNonNullElse(request.get(HttpHeaderNames.CONTENT_TYPE), "");
        this.peek = ModelPeek.of(type);
        this.body = body;
        this.budget = budget;
    }

    /** Takes a part of the body; {@code models} are those of the table that is current now. */
    Found part(HttpContent part, ModelNames models, Forwarded forwarded) {
        boolean last = part instanceof LastHttpContent;
        int size = part.content().readableBytes();
        var bytes = bytes(part.content());
        body.keep(part);
        if (!budget.take(size)) {
            return refused(503, "too many bodies are being read for their model; try again soon");
        }
        held += size;
        return switch (peek.feed(bytes, 0, bytes.length)) {
            case Seen.Model model -> chosen(model, models, forwarded);
            case Seen.None(var why) -> refused(400, why);
            case Seen.NotYet _ when last ->
                    refused(400, "model is required, in a JSON object that is whole");
            case Seen.NotYet _ when body.bytes() > PEEK_BYTES_MAX ->
                    refused(
                            413,
                            "the body's first %d bytes do not name the model; put it first"
                                    .formatted(PEEK_BYTES_MAX));
            case Seen.NotYet _ -> new Found.NotYet();
        };
    }

    private static byte[] bytes(ByteBuf content) {
        return ByteBufUtil.getBytes(content);
    }

    private Found chosen(Seen.Model model, ModelNames models, Forwarded forwarded) {
        asked = model.name();
        if (models.find(asked) instanceof ModelNames.Match.Found(_, var served)
                && !served.equals(asked)) {
            rename(model, served, forwarded);
        }
        return again(models);
    }

    /** What the name leads to in a newer table. */
    Found again(ModelNames models) {
        return switch (models.find(asked)) {
            case ModelNames.Match.NoSuchModel _ ->
                    new Found.Refused(LanguageApi.noSuchModel(asked));
            case ModelNames.Match.Several several ->
                    new Found.Refused(LanguageApi.several(asked, several));
            case ModelNames.Match.Found(var route, _) -> new Found.Chosen(route);
        };
    }

    private void rename(Seen.Model model, String served, Forwarded forwarded) {
        var written = peek.written(served).getBytes(StandardCharsets.UTF_8);
        body.replace(Math.toIntExact(model.start()), Math.toIntExact(model.end()), written);
        forwarded.grown(written.length - (model.end() - model.start()));
    }

    private static Found refused(int status, String why) {
        return new Found.Refused(Answer.error(ApiError.of(status, why)));
    }

    /** What was kept is sent or dropped. */
    void done() {
        budget.giveBack(held);
        held = 0;
    }
}
