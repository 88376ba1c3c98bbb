package dev.marea.wire.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole request: its head has passed the strict checks and its body is within the door's limit.
 *
 * @param path decoded and normalised once; starts with a slash, has no dot segments
 * @param query decoded, in order; a name may come several times
 * @param headers lower-case names
 */
public record Request(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        byte[] body) {

    public Optional<String> header(String lowerCaseName) {
        var values = headers.get(lowerCaseName);
        return values == null || values.isEmpty()
                ? Optional.empty()
                : Optional.of(values.getFirst());
    }

    public Optional<String> parameter(String name) {
        var values = query.get(name);
        return values == null || values.isEmpty()
                ? Optional.empty()
                : Optional.of(values.getFirst());
    }
}
