package dev.marea.storage.stores.azure;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Percent;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One account's container or share: its addresses, and what lets requests in. */
record Door(Account account, Permit permit, Conversation talk) {
    private static final Map<String, String> HEADERS = Map.of("x-ms-version", "2021-12-02");

    /**
     * @param endpoint the part of a connection string that names the server
     */
    static Door of(StoreUri uri, Access access, Asking http, String endpoint) throws FetchFailure {
        var named = Account.of(uri);
        var place = connected(named, access, endpoint);
        var account =
                place.map(source -> named.at(Permits.connection(source).getOrDefault(endpoint, "")))
                        .orElse(named);
        var permit = Permits.of(named, access, http);
        boolean administrators = place.map(Source::administrators).orElse(false);
        var talk =
                new Conversation(
                        http, shown(uri), administrators, status -> advice(status, permit));
        return new Door(account, permit, talk);
    }

    /** Whoever has a connection string for this account that names its server, as emulators do. */
    private static Optional<Source> connected(Account account, Access access, String endpoint) {
        return access.sources().stream()
                .filter(source -> {
                    var connection = Permits.connection(source);
                    return account.name().equals(connection.get("accountname"))
                            && connection.containsKey(endpoint);
                })
                .findFirst();
    }

    /** A query may hold a signature. */
    private static String shown(StoreUri uri) {
        int query = uri.text().indexOf('?');
        return query < 0 ? uri.text() : uri.text().substring(0, query);
    }

    URI address(String path, Map<String, String> query) {
        var address =
                account.root()
                        + "/"
                        + Percent.part(account.container())
                        + (path.isEmpty() ? "" : "/" + Percent.path(path));
        return URI.create(query.isEmpty() ? address : address + "?" + Percent.query(query));
    }

    HttpRequest.Builder get(URI address, Map<String, String> more)
            throws FetchFailure, InterruptedException {
        return permit.request("GET", address, with(more));
    }

    HttpRequest.Builder head(URI address) throws FetchFailure, InterruptedException {
        return permit.request("HEAD", address, HEADERS);
    }

    private static Map<String, String> with(Map<String, String> more) {
        var headers = new LinkedHashMap<>(HEADERS);
        headers.putAll(more);
        return headers;
    }

    private static String advice(int status, Permit permit) {
        return switch (status) {
            // 404 hides a container that may not be seen by anybody
            case 401, 403, 409 -> permit.advice();
            case 404 -> "check the container's name; without credentials a private one is not seen";
            default -> "";
        };
    }
}
