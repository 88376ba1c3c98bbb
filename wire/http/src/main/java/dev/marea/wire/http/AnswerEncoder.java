package dev.marea.wire.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Writes answers; the answer to a HEAD keeps its headers and loses its body. */
final class AnswerEncoder extends HttpResponseEncoder {
    private HttpMethod asked = HttpMethod.GET;

    void asked(HttpMethod method) {
        asked = method;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse answer) {
        return asked.equals(HttpMethod.HEAD) || super.isContentAlwaysEmpty(answer);
    }
}
