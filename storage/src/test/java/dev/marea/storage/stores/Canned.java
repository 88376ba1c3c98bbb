package dev.marea.storage.stores;

import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Answers without a network, and remembers what it was asked. */
public final class Canned implements Asking {
    private final Function<HttpRequest, Said> answers;
    public final List<HttpRequest> requests = new ArrayList<>();
    public final List<Boolean> administrators = new ArrayList<>();

    /** What is answered. */
    public record Said(int status, Map<String, String> headers, String body) {
        public static Said of(int status, String body) {
            return new Said(status, Map.of(), body);
        }

        public Said with(String header, String value) {
            var more = new java.util.HashMap<>(headers);
            more.put(header, value);
            return new Said(status, more, body);
        }
    }

    public Canned(Function<HttpRequest, Said> answers) {
        this.answers = answers;
    }

    @Override
    public Answer ask(Request request) throws FetchFailure, InterruptedException {
        var asked = request.builder().build().build();
        requests.add(asked);
        administrators.add(request.administrators());
        var said = answers.apply(asked);
        var headers = new java.util.HashMap<String, List<String>>();
        said.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return new Answer(
                said.status(),
                HttpHeaders.of(headers, (_, _) -> true),
                said.body().getBytes(StandardCharsets.UTF_8),
                asked.uri());
    }

    public HttpRequest last() {
        return requests.getLast();
    }
}
