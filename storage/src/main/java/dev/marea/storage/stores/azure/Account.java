package dev.marea.storage.stores.azure;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.StoreUri;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * What an address of Azure's names.
 *
 * @param name of the account
 * @param root what container or share is asked under, without a slash at its end
 * @param container or share
 * @param path inside it, decoded
 */
record Account(String name, String root, String container, String path) {
    static Account of(StoreUri uri) throws FetchFailure {
        URI address;
        try {
            address = URI.create(uri.text());
        } catch (IllegalArgumentException bad) {
            throw FetchFailure.lasting(uri + " is no URL");
        }
        var host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        var path = Optional.ofNullable(address.getPath()).orElse("").replaceFirst("^/", "");
        int slash = path.indexOf('/');
        var container = slash < 0 ? path : path.substring(0, slash);
        if (container.isEmpty()) {
            throw FetchFailure.lasting(
                    uri + " names no container; write https://" + host + "/container/path");
        }
        return new Account(
                host.substring(0, host.indexOf('.')),
                "https://" + address.getRawAuthority(),
                container,
                slash < 0 ? "" : path.substring(slash + 1));
    }

    static boolean blob(String host) {
        return host.endsWith(".blob.core.windows.net") || host.endsWith(".blob.storage.azure.net");
    }

    static boolean file(String host) {
        return host.endsWith(".file.core.windows.net") || host.endsWith(".file.storage.azure.net");
    }

    Account at(String endpoint) {
        var bare = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        return new Account(name, bare, container, path);
    }
}
