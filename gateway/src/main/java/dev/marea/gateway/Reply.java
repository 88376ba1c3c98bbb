package dev.marea.gateway;

import dev.marea.wire.http.Grpc;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/** What the client is told: a replica's answer, passed on, or one of the gateway's own. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Reply {
    static final int NO_GRPC = -1;

    private final ChannelHandlerContext client;
    private final RequestStats stats;
    private final boolean grpc;
    private int status;
    private int grpcStatus = NO_GRPC;
    private boolean eventStream;
    private boolean early;
    private final EarlyStream earlyStream = new EarlyStream();

    Reply(ChannelHandlerContext client, RequestStats stats, boolean grpc) {
        this.client = client;
        this.stats = stats;
        this.grpc = grpc;
    }

    /** What a gRPC client was told, if it is one and was told anything. */
    int grpcStatus() {
        return grpcStatus;
    }

    /** The status that was told; 0 before. */
    int status() {
        return status;
    }

    /** The head of a stream, before any replica was found for it. */
    void streamEarly() {
        early = true;
        eventStream = true;
        status = HttpResponseStatus.OK.code();
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .set(Headers.REQUEST_ID, stats.requestId());
        HttpUtil.setTransferEncodingChunked(head, true);
        client.write(head);
    }

    boolean streamsEarly() {
        return early;
    }

    void comment(String text) {
        client.writeAndFlush(new DefaultHttpContent(EarlyStream.comment(text)));
    }

    private void endEarly(ByteBuf event) {
        stats.out(event.readableBytes());
        client.writeAndFlush(new DefaultLastHttpContent(event));
    }

    void own(Answer answer, String path) {
        if (early) {
            status = answer.status();
            endEarly(EarlyStream.event(path, answer.body(path)));
            return;
        }
        var response = grpc ? ownGrpc(answer) : ownJson(answer, path);
        var headers = response.headers();
        headers.set(Headers.REQUEST_ID, stats.requestId());
        answer.reason().ifPresent(r -> headers.set(Headers.REASON, r.wireName()));
        answer.retryAfter()
                .ifPresent(after -> headers.set(HttpHeaderNames.RETRY_AFTER, after.toSeconds()));
        stats.out(response.content().readableBytes());
        client.writeAndFlush(response);
    }

    private FullHttpResponse ownGrpc(Answer answer) {
        status = HttpResponseStatus.OK.code();
        grpcStatus = Grpc.status(answer.status());
        return Grpc.answer(grpcStatus, answer.message());
    }

    private FullHttpResponse ownJson(Answer answer, String path) {
        status = answer.status();
        byte[] bytes = answer.body(path);
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(bytes));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        return response;
    }

    void head(HttpResponse answer) {
        status = answer.status().code();
        if (early) {
            if (!isEventStream(answer)) {
                earlyStream.refused(status);
            }
            return;
        }
        Headers.toClient(answer.headers());
        answer.headers().set(Headers.REQUEST_ID, stats.requestId());
        frame(answer);
        if (grpc) {
            grpcStatus = Grpc.status(answer.headers());
        }
        eventStream = isEventStream(answer);
        client.write(answer);
    }

    private static boolean isEventStream(HttpResponse answer) {
        var type = answer.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.startsWith("text/event-stream");
    }

    /** An answer that ends with its connection is sent on in chunks, so that ours may live on. */
    private void frame(HttpResponse answer) {
        answer.setProtocolVersion(HttpVersion.HTTP_1_1);
        boolean framed =
                HttpUtil.isTransferEncodingChunked(answer)
                        || answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!framed && status != 204 && status != 304) {
            HttpUtil.setTransferEncodingChunked(answer, true);
        }
    }

    void part(HttpContent part, String path) {
        if (earlyStream.isRefused()) {
            earlyStream.words(part.content());
            part.release();
            if (part instanceof LastHttpContent) {
                endEarly(earlyStream.event(path));
            }
            return;
        }
        stats.out(part.content().readableBytes());
        if (grpc && grpcStatus == NO_GRPC && part instanceof LastHttpContent last) {
            grpcStatus = Grpc.status(last.trailingHeaders());
        }
        client.write(part);
    }

    void flush() {
        client.flush();
    }

    boolean clientReads() {
        return client.channel().isWritable();
    }

    /** The client sees an end that is no success; a reader of events is told so in words. */
    void breakOff(String path, int grpcCode) {
        if (grpc) {
            grpcStatus = grpcCode;
            client.writeAndFlush(Grpc.trailers(grpcCode, "the replica broke off its answer"));
            return;
        }
        if (eventStream) {
            var error = Answer.json(502, "the replica broke off its answer", path);
            client.write(
                    new DefaultHttpContent(
                            Unpooled.wrappedBuffer(
                                    ByteBufUtil.writeAscii(
                                            client.alloc(), "\n\nevent: error\ndata: "),
                                    Unpooled.wrappedBuffer(error),
                                    ByteBufUtil.writeAscii(client.alloc(), "\n\n"))));
        }
        client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
