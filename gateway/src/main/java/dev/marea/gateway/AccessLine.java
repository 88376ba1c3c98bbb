package dev.marea.gateway;

import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** What is recorded of one request. Empty text stands for what is not known. */
record AccessLine(
        Instant time,
        String requestId,
        String client,
        String namespace,
        String service,
        String revision,
        String replica,
        String protocol,
        String method,
        String path,
        int status,
        String reason,
        long bytesIn,
        long bytesOut,
        long queueMs,
        long upstreamMs,
        long totalMs) {

    /** One line of JSON; whatever the client sent is escaped. */
    void write(OutputStream out) throws IOException {
        try (var json = JsonReader.FACTORY.createGenerator(new Unclosed(out))) {
            json.writeStartObject();
            json.writeStringField("time", time.toString());
            json.writeStringField("requestId", requestId);
            json.writeStringField("client", client);
            json.writeStringField("namespace", namespace);
            json.writeStringField("service", service);
            json.writeStringField("revision", revision);
            json.writeStringField("replica", replica);
            json.writeStringField("protocol", protocol);
            json.writeStringField("method", method);
            json.writeStringField("path", path);
            json.writeNumberField("status", status);
            json.writeStringField("reason", reason);
            json.writeNumberField("bytesIn", bytesIn);
            json.writeNumberField("bytesOut", bytesOut);
            json.writeNumberField("queueMs", queueMs);
            json.writeNumberField("upstreamMs", upstreamMs);
            json.writeNumberField("totalMs", totalMs);
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    /** A line's end is not the file's. */
    private static final class Unclosed extends OutputStream {
        private final OutputStream out;

        Unclosed(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }
    }
}
