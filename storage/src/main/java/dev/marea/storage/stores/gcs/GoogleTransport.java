package dev.marea.storage.stores.gcs;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import dev.marea.storage.store.Asking;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets Google's module ask through our engine, so that a key file of a tenant's cannot name an
 * address inside the platform as the one that gives tokens.
 */
final class GoogleTransport extends HttpTransport {
    private final Asking http;
    private final boolean administrators;

    GoogleTransport(Asking http, boolean administrators) {
        this.http = http;
        this.administrators = administrators;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        return new Outgoing(method, URI.create(url));
    }

    private final class Outgoing extends LowLevelHttpRequest {
        private final String method;
        private final URI address;
        private final List<Map.Entry<String, String>> headers = new ArrayList<>();

        Outgoing(String method, URI address) {
            this.method = method;
            this.address = address;
        }

        @Override
        public void addHeader(String name, String value) {
            if (!name.equalsIgnoreCase("Accept-Encoding")) {
                headers.add(Map.entry(name, value));
            }
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            var body = body();
            try {
                var answer =
                        http.ask(new Asking.Request(() -> request(body), false, administrators));
                return new Incoming(answer);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException().initCause(stopped);
            }
        }

        private HttpRequest.Builder request(byte[] body) {
            var request = HttpRequest.newBuilder(address);
            headers.forEach(header -> request.header(header.getKey(), header.getValue()));
            if (body.length == 0) {
                return request.method(method, BodyPublishers.noBody());
            }
            if (getContentType() != null) {
                request.header("Content-Type", getContentType());
            }
            return request.method(method, BodyPublishers.ofByteArray(body));
        }

        private byte[] body() throws IOException {
            var content = getStreamingContent();
            var bytes = new ByteArrayOutputStream();
            if (content != null) {
                content.writeTo(bytes);
            }
            return bytes.toByteArray();
        }
    }

    private static final class Incoming extends LowLevelHttpResponse {
        private final Asking.Answer answer;
        private final List<Map.Entry<String, String>> headers = new ArrayList<>();

        Incoming(Asking.Answer answer) {
            this.answer = answer;
            answer.headers()
                    .map()
                    .forEach((name, values) ->
                            values.forEach(value -> headers.add(Map.entry(name, value))));
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(answer.body());
        }

        @Override
        public @Nullable String getContentEncoding() {
            return null;
        }

        @Override
        public long getContentLength() {
            return answer.body().length;
        }

        @Override
        public @Nullable String getContentType() {
            Optional<String> type = answer.headers().firstValue("Content-Type");
            return type.orElse(null);
        }

        @Override
        public String getStatusLine() {
            return "HTTP/1.1 " + answer.status();
        }

        @Override
        public int getStatusCode() {
            return answer.status();
        }

        @Override
        public String getReasonPhrase() {
            return "";
        }

        @Override
        public int getHeaderCount() {
            return headers.size();
        }

        @Override
        public String getHeaderName(int index) {
            return headers.get(index).getKey();
        }

        @Override
        public String getHeaderValue(int index) {
            return headers.get(index).getValue();
        }
    }
}
