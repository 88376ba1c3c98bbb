package dev.marea.storage.http;

import dev.marea.storage.store.FetchFailure;
import java.net.URI;
import java.util.Locale;

/** Whom a URL asks. Two URLs of one server share connections and credentials. */
record Server(boolean tls, String host, int port) {
    static Server of(URI address) throws FetchFailure {
        var scheme =
                address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("https");
        if (!tls && !scheme.equals("http")) {
            throw FetchFailure.lasting(
                    address + " is refused: stores are asked over https:// or http:// alone");
        }
        if (address.getHost() == null) {
            throw FetchFailure.lasting(address + " names no host");
        }
        int port = address.getPort() >= 0 ? address.getPort() : tls ? 443 : 80;
        return new Server(tls, address.getHost().replaceAll("[\\[\\]]", ""), port);
    }

    /** The value of the header Host. */
    String authority() {
        var name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority();
    }
}
