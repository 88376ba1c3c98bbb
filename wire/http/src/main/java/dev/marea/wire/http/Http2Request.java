package dev.marea.wire.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

/** One outgoing stream in the words of HTTP/1.1. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Http2Request extends ChannelDuplexHandler {
    private final Http2Floods floods;
    private boolean sent;
    private boolean headSeen;
    private boolean whole;

    Http2Request(Http2Floods floods) {
        this.floods = floods;
    }

    // --- the request

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        floods.useful();
        switch (message) {
            case HttpRequest head -> head(ctx, head, promise);
            case LastHttpContent last -> last(ctx, last, promise);
            case HttpContent part -> ctx.write(new DefaultHttp2DataFrame(part.content()), promise);
            default -> ctx.write(message, promise);
        }
    }

    /** A head without length and coding says that no body follows. */
    private void head(ChannelHandlerContext ctx, HttpRequest head, ChannelPromise promise) {
        sent = head instanceof FullHttpRequest full ? isBare(full) : isBodiless(head);
        var frame = new DefaultHttp2HeadersFrame(Http2Heads.request(head), sent);
        if (!sent && head instanceof FullHttpRequest whole) {
            ctx.write(frame);
            last(ctx, whole, promise);
        } else {
            ReferenceCountUtil.release(head);
            ctx.write(frame, promise);
        }
    }

    private static boolean isBare(FullHttpRequest request) {
        return !request.content().isReadable() && request.trailingHeaders().isEmpty();
    }

    private static boolean isBodiless(HttpRequest head) {
        return !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !HttpUtil.isTransferEncodingChunked(head);
    }

    private void last(ChannelHandlerContext ctx, LastHttpContent last, ChannelPromise promise) {
        if (sent) {
            last.release();
            promise.trySuccess();
        } else if (last.trailingHeaders().isEmpty()) {
            ctx.write(new DefaultHttp2DataFrame(last.content(), true), promise);
        } else {
            ctx.write(new DefaultHttp2DataFrame(last.content()));
            ctx.write(new DefaultHttp2HeadersFrame(Http2Heads.trailers(last), true), promise);
        }
        sent = true;
    }

    // --- the answer

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case Http2HeadersFrame frame when headSeen -> trailers(ctx, frame.headers());
            case Http2HeadersFrame frame -> answer(ctx, frame.headers(), frame.isEndStream());
            case Http2DataFrame frame -> part(ctx, frame.content(), frame.isEndStream());
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void answer(ChannelHandlerContext ctx, Http2Headers headers, boolean last) {
        var head = Http2Heads.answer(headers);
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            ctx.fireChannelRead(
                    new DefaultFullHttpResponse(
                            head.protocolVersion(), head.status(), ctx.alloc().buffer(0)));
            return;
        }
        headSeen = true;
        ctx.fireChannelRead(head);
        if (last) {
            end(ctx, LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void part(ChannelHandlerContext ctx, ByteBuf content, boolean last) {
        if (content.isReadable()) {
            ctx.fireChannelRead(new DefaultHttpContent(content));
        } else {
            content.release();
        }
        if (last) {
            end(ctx, LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void trailers(ChannelHandlerContext ctx, Http2Headers headers) {
        var last = new DefaultLastHttpContent();
        last.trailingHeaders().set(Http2Heads.plain(headers));
        end(ctx, last);
    }

    private void end(ChannelHandlerContext ctx, LastHttpContent last) {
        whole = true;
        ctx.fireChannelRead(last);
    }

    /**
     * A reset that says nothing is wrong comes after a whole answer, of which some may be unread.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset && reset.errorCode() != 0 && !whole) {
            var error = Http2Error.valueOf(reset.errorCode());
            fail(
                    ctx,
                    new StreamReset(
                            "the stream was reset with " + error,
                            error == Http2Error.REFUSED_STREAM));
        } else if (event instanceof Http2GoAwayFrame) {
            fail(ctx, new StreamReset("the server went away", true));
        }
        ReferenceCountUtil.release(event);
    }

    private static void fail(ChannelHandlerContext ctx, StreamReset reset) {
        ctx.fireExceptionCaught(reset);
        ctx.close();
    }
}
