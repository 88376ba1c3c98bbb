package dev.marea.gateway;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** What the client is told: a replica's answer, passed on, or one of the gateway's own. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Reply {
    private final ChannelHandlerContext client;
    private final RequestStats stats;
    private int status;
    private boolean eventStream;

    Reply(ChannelHandlerContext client, RequestStats stats) {
        this.client = client;
        this.stats = stats;
    }

    /** The status that was told; 0 before. */
    int status() {
        return status;
    }

    void own(Answer answer, String path) {
        status = answer.status();
        byte[] bytes = answer.body(path);
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(bytes));
        var headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
                .set(Headers.REQUEST_ID, stats.requestId());
        answer.reason().ifPresent(r -> headers.set(Headers.REASON, r.wireName()));
        answer.retryAfter()
                .ifPresent(after -> headers.set(HttpHeaderNames.RETRY_AFTER, after.toSeconds()));
        stats.out(bytes.length);
        client.writeAndFlush(response);
    }

    void head(HttpResponse answer) {
        status = answer.status().code();
        Headers.toClient(answer.headers());
        answer.headers().set(Headers.REQUEST_ID, stats.requestId());
        frame(answer);
        var type = answer.headers().get(HttpHeaderNames.CONTENT_TYPE);
        eventStream = type != null && type.startsWith("text/event-stream");
        client.write(answer);
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

    void part(HttpContent part) {
        stats.out(part.content().readableBytes());
        client.write(part);
    }

    void flush() {
        client.flush();
    }

    boolean clientReads() {
        return client.channel().isWritable();
    }

    /** The client sees an end that is no success; a reader of events is told so in words. */
    void breakOff(String path) {
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
