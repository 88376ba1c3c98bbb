package dev.marea.storage.stores.web;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Sensitive;
import dev.marea.storage.store.FetchFailure;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a Secret with the keys {@code https-host} and {@code headers} says to send to that host, as
 * in KServe; nobody else is sent it.
 */
record HostHeaders(Map<String, String> values) {
    static HostHeaders of(URI address, Access access) throws FetchFailure {
        for (var source : access.secrets()) {
            var host = source.first("https-host").map(value -> value.reveal().strip());
            var headers = source.first("headers");
            if (headers.isPresent()
                    && host.isPresent()
                    && host.get().equalsIgnoreCase(address.getHost())) {
                return new HostHeaders(read(headers.get()));
            }
        }
        return new HostHeaders(Map.of());
    }

    /** A JSON object, or lines of {@code name: value}. */
    private static Map<String, String> read(Sensitive secret) throws FetchFailure {
        var text = secret.reveal().strip();
        var values = new LinkedHashMap<String, String>();
        if (text.startsWith("{")) {
            try {
                if (JsonReader.read(text) instanceof Json.Obj(var fields)) {
                    fields.forEach((name, value) ->
                            values.put(
                                    name,
                                    value instanceof Json.Str(var plain)
                                            ? plain
                                            : value.toString()));
                }
            } catch (MalformedJson bad) {
                throw FetchFailure.lasting(
                        secret.place() + " is no JSON object of header names and values");
            }
            return values;
        }
        for (var line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
        }
        return values;
    }

    void letIn(HttpRequest.Builder request) throws FetchFailure {
        try {
            values.forEach(request::header);
        } catch (IllegalArgumentException bad) {
            throw FetchFailure.lasting("the headers of a Secret are no HTTP headers");
        }
    }

    @Override
    public String toString() {
        return "HostHeaders" + values.keySet();
    }
}
