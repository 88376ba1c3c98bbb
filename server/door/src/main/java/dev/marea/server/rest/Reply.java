package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import dev.marea.wire.http.ErrorBody;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/**
 * One whole answer.
 *
 * @param body on the heap and in no pool: whoever drops it leaks nothing
 */
record Reply(int status, CharSequence contentType, List<Header> headers, ByteBuf body) {
    static final AsciiString JSON = AsciiString.cached("application/json");
    static final AsciiString BINARY = AsciiString.cached("application/octet-stream");

    record Header(CharSequence name, String value) {}

    static Reply of(int status, CharSequence contentType, byte[] body) {
        return new Reply(status, contentType, List.of(), Unpooled.wrappedBuffer(body));
    }

    static Reply json(int status, byte[] body) {
        return of(status, JSON, body);
    }

    static Reply json(Json value) {
        return json(200, JsonWriter.bytes(value));
    }

    static Reply ok(Object... namesAndValues) {
        return json(Json.Obj.of(namesAndValues));
    }

    static Reply error(int status, String message) {
        return json(status, ErrorBody.plain(message));
    }

    static Reply of(Refused refused) {
        var reply = error(refused.why().httpStatus(), refused.message());
        return switch (refused.why()) {
            case UNAVAILABLE -> reply.with(HttpHeaderNames.RETRY_AFTER, "1");
            case WRONG_MEDIA -> reply.with(HttpHeaderNames.ACCEPT_ENCODING, Compression.TAKEN);
            case BAD_INPUT, NOT_FOUND, WRONG_METHOD, TOO_LARGE, FAILED, NOT_IMPLEMENTED, LATE ->
                    reply;
        };
    }

    Reply with(CharSequence name, String value) {
        var more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Reply(status, contentType, List.copyOf(more), body);
    }

    Reply with(CharSequence otherType, ByteBuf otherBody) {
        return new Reply(status, otherType, headers, otherBody);
    }

    FullHttpResponse message() {
        HttpHeaders head =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        head.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        head.setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        for (var header : headers) {
            head.set(header.name(), header.value());
        }
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status),
                body,
                head,
                EmptyHttpHeaders.INSTANCE);
    }
}
