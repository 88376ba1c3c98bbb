package dev.marea.storage.http;

import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * How stores are asked.
 *
 * @param stall how long a server may send nothing
 * @param redirectsMax how many redirects one request may meet
 * @param trust whose certificates are believed
 */
public record ClientSettings(
        Duration connect,
        Duration stall,
        int redirectsMax,
        AddressPolicy addresses,
        Proxies proxies,
        SSLContext trust) {
    public ClientSettings {
        if (connect.toMillis() < 1 || stall.toMillis() < 1 || redirectsMax < 0) {
            throw new IllegalArgumentException(
                    "need a time to connect and to answer, was " + connect + " and " + stall);
        }
    }

    public static ClientSettings usual(AddressPolicy addresses) {
        return new ClientSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                5,
                addresses,
                Proxies.NONE,
                Authorities.usual());
    }

    public ClientSettings with(Proxies others) {
        return new ClientSettings(connect, stall, redirectsMax, addresses, others, trust);
    }

    public ClientSettings with(SSLContext others) {
        return new ClientSettings(connect, stall, redirectsMax, addresses, proxies, others);
    }
}
