package dev.marea.storage.stores.azure;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Sensitive;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Renewing;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds what lets a request in: a signature, a key, an application, a managed identity. */
final class Permits {
    private static final String[] KEY = {
        "AZURE_STORAGE_ACCESS_KEY", "AZURE_STORAGE_KEY", "AZ_STORAGE_ACCESS_KEY"
    };
    private static final String[] SIGNATURE = {"AZURE_STORAGE_SAS_TOKEN", "AZ_SAS_TOKEN"};
    static final String[] CLIENT = {"AZURE_CLIENT_ID", "AZ_CLIENT_ID"};
    static final String[] TENANT = {"AZURE_TENANT_ID", "AZ_TENANT_ID"};
    static final String[] CLIENT_SECRET = {"AZURE_CLIENT_SECRET", "AZ_CLIENT_SECRET"};

    private Permits() {}

    /** What a connection string says, by the small name of its parts. */
    static Map<String, String> connection(Source source) {
        var parts = new LinkedHashMap<String, String>();
        var text =
                source.first("AZURE_STORAGE_CONNECTION_STRING").map(Sensitive::reveal).orElse("");
        for (var part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(
                        part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        part.substring(equals + 1).strip());
            }
        }
        return parts;
    }

    static Permit of(Account account, Access access, Asking http) throws FetchFailure {
        for (var source : access.sources()) {
            var permit = of(source, account, access, http);
            if (permit.isPresent()) {
                return permit.get();
            }
        }
        return new Permit.Nobody(
                "it was asked without credentials, as none were found; "
                        + access.advice(
                                "AZURE_STORAGE_ACCESS_KEY, or AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET"));
    }

    private static Optional<Permit> of(Source source, Account account, Access access, Asking http)
            throws FetchFailure {
        if (source.administrators() && othersAccount(access, account)) {
            return token(source, access, http);
        }
        var connection = connection(source);
        boolean ours = account.name().equals(connection.get("accountname"));
        var place = source.name();
        var key = source.first(KEY);
        if (key.isPresent()) {
            return Optional.of(key(account, key.get().reveal(), key.get().place()));
        }
        if (ours && connection.containsKey("accountkey")) {
            return Optional.of(
                    key(
                            account,
                            connection.getOrDefault("accountkey", ""),
                            "AZURE_STORAGE_CONNECTION_STRING of " + place));
        }
        var signature = source.first(SIGNATURE);
        if (signature.isPresent()) {
            var query = signature.get().reveal().strip().replaceFirst("^\\?", "");
            return Optional.of(new Permit.Shared(query, signature.get().place()));
        }
        return token(source, access, http);
    }

    /** A key of the environment is for the account that stands beside it, if one does. */
    private static boolean othersAccount(Access access, Account account) {
        return access.administrators("AZURE_STORAGE_ACCOUNT")
                .filter(name -> !name.equals(account.name()))
                .isPresent();
    }

    private static Permit key(Account account, String base64, String place) throws FetchFailure {
        try {
            return new Permit.Key(new SharedKey(account.name(), base64, Clock.systemUTC()), place);
        } catch (IllegalArgumentException bad) {
            throw FetchFailure.lasting(place + " is no account key; it is written in base64");
        }
    }

    private static Optional<Permit> token(Source source, Access access, Asking http) {
        var client = source.first(CLIENT).map(id -> id.reveal().strip());
        if (client.isEmpty()) {
            return Optional.empty();
        }
        var advice =
                "check that the application %s of %s has the role Storage Blob Data Reader and that its secret has not ended"
                        .formatted(client.get(), source.name());
        if (source.first(TENANT).isPresent()
                && (source.first(CLIENT_SECRET).isPresent()
                        || access.administrators("AZURE_FEDERATED_TOKEN_FILE").isPresent())) {
            var lender = new EntraTokens(source, access, http);
            return Optional.of(new Permit.Bearer(new Renewing<>(lender), advice));
        }
        return source.administrators()
                ? Optional.of(
                        new Permit.Bearer(
                                new Renewing<>(new ManagedIdentity(client.get(), http)), advice))
                : Optional.empty();
    }
}
