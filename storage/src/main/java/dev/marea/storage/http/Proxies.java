package dev.marea.storage.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The administrator's proxies, as {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY} name
 * them.
 */
public record Proxies(Optional<URI> http, Optional<URI> https, List<String> none) {
    public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

    public Proxies {
        none = List.copyOf(none);
    }

    /**
     * As the standard variables say.
     *
     * @param environment a variable's value
     */
    public static Proxies of(Function<String, Optional<String>> environment) {
        return new Proxies(
                proxy(environment, "http_proxy"),
                proxy(environment, "https_proxy"),
                List.of(any(environment, "no_proxy").orElse("").split("[,\\s]+")));
    }

    private static Optional<String> any(
            Function<String, Optional<String>> environment, String name) {
        return environment
                .apply(name)
                .or(() -> environment.apply(name.toUpperCase(Locale.ROOT)))
                .filter(value -> !value.isBlank());
    }

    private static Optional<URI> proxy(
            Function<String, Optional<String>> environment, String name) {
        return any(environment, name)
                .or(() -> any(environment, "all_proxy"))
                .map(String::strip)
                .map(text -> URI.create(text.contains("://") ? text : "http://" + text))
                .filter(uri -> uri.getHost() != null);
    }

    /** The proxy to a server, if one is between. */
    Optional<URI> to(Server server) {
        return bypassed(server.host()) ? Optional.empty() : server.tls() ? https : http;
    }

    private boolean bypassed(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        for (var entry : none) {
            var suffix = entry.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
            if (entry.equals("*")
                    || (!suffix.isEmpty()
                            && (name.equals(suffix) || name.endsWith("." + suffix)))) {
                return true;
            }
        }
        return name.equals("localhost") || name.startsWith("127.") || name.equals("::1");
    }

    /** The value of Proxy-Authorization, if the proxy's URL carries user and password. */
    static Optional<String> authorization(URI proxy) {
        return Optional.ofNullable(proxy.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
    }
}
