package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import dev.marea.wire.http.ErrorBody;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;

/** One whole answer. */
record Reply(int status, String contentType, List<Header> headers, byte[] body) {
    record Header(String name, String value) {}

    static Reply json(int status, byte[] body) {
        return new Reply(status, "application/json", List.of(), body);
    }

    static Reply ok(Object... namesAndValues) {
        return json(200, JsonWriter.bytes(Json.Obj.of(namesAndValues)));
    }

    static Reply error(int status, String message) {
        return json(status, ErrorBody.plain(message));
    }

    static Reply of(Refused refused) {
        var reply = error(refused.why().httpStatus(), refused.message());
        return refused.why() == Refused.Why.UNAVAILABLE ? reply.with("retry-after", "1") : reply;
    }

    Reply with(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Reply(status, contentType, List.copyOf(more), body);
    }

    FullHttpResponse message() {
        var message =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(body));
        message.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        headers.forEach(header -> message.headers().set(header.name(), header.value()));
        return message;
    }
}
