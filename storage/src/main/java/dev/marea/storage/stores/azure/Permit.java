package dev.marea.storage.stores.azure;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Renewing;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;

/** What lets a request into an account. */
sealed interface Permit {
    /** The GET or HEAD with what lets it in. */
    HttpRequest.Builder request(String method, URI address, Map<String, String> headers)
            throws FetchFailure, InterruptedException;

    String advice();

    private static HttpRequest.Builder plain(
            String method, URI address, Map<String, String> headers) {
        var request =
                HttpRequest.newBuilder(address).method(method, HttpRequest.BodyPublishers.noBody());
        headers.forEach(request::header);
        return request;
    }

    record Nobody(String advice) implements Permit {
        @Override
        public HttpRequest.Builder request(
                String method, URI address, Map<String, String> headers) {
            return plain(method, address, headers);
        }
    }

    /** A shared access signature: a query that goes with every address. */
    record Shared(String query, String place) implements Permit {
        @Override
        public HttpRequest.Builder request(
                String method, URI address, Map<String, String> headers) {
            var joint = address.getRawQuery() == null ? "?" : "&";
            return plain(method, URI.create(address + joint + query), headers);
        }

        @Override
        public String advice() {
            return "check that the signature in "
                    + place
                    + " has not ended and allows to read and to list (sp=rl)";
        }

        @Override
        public String toString() {
            return "Shared[" + place + "]";
        }
    }

    record Key(SharedKey key, String place) implements Permit {
        @Override
        public HttpRequest.Builder request(
                String method, URI address, Map<String, String> headers) {
            return plain(method, address, key.signed(method, address, headers));
        }

        @Override
        public String advice() {
            return "check " + place;
        }
    }

    /** A token of Entra ID. */
    record Bearer(Renewing<String> token, String advice) implements Permit {
        @Override
        public HttpRequest.Builder request(String method, URI address, Map<String, String> headers)
                throws FetchFailure, InterruptedException {
            return plain(method, address, headers)
                    .header("Authorization", "Bearer " + token.current())
                    .header("x-ms-file-request-intent", "backup");
        }
    }
}
