package dev.marea.gateway.feed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whom a gateway follows and how.
 *
 * @param gateway this gateway's name, the same as in its load reports
 * @param serverName what an operator's certificate must bear
 * @param operators finds all replicas; asked again every few seconds
 * @param papers without them the feed is plain text, which only tests want
 * @param lastGood a file for the last table, from which a gateway starts when no operator answers
 */
public record FeedSettings(
        String gateway,
        String serverName,
        Operators operators,
        Optional<Papers> papers,
        Path lastGood,
        Timing timing) {

    /** Where operator replicas are now; may block. */
    @FunctionalInterface
    public interface Operators {
        List<InetSocketAddress> find() throws IOException;
    }

    /**
     * Files in PEM. They are read again for every connection, so that they may be replaced, or come
     * later than the gateway.
     *
     * @param trust the roots that vouch for operators
     */
    public record Papers(Path trust, Path chain, Path key) {
        /** As a Secret of type TLS is mounted. */
        public static Papers in(Path directory) {
            return new Papers(
                    directory.resolve("ca.crt"),
                    directory.resolve("tls.crt"),
                    directory.resolve("tls.key"));
        }
    }

    /**
     * How long things may take.
     *
     * @param find between two searches for operators
     * @param ask between two questions to each of them, load reports counted
     * @param silence after which an operator that says nothing is lost
     * @param retryFirst doubled with every failure
     * @param save between two copies on disk
     */
    public record Timing(
            Duration find,
            Duration ask,
            Duration connect,
            Duration silence,
            Duration retryFirst,
            Duration retryMax,
            Duration save) {
        public static final Timing DEFAULTS =
                new Timing(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1));
    }

    /** Finds operators by the name of their headless Service. */
    public static FeedSettings of(
            String gateway, String host, int port, Optional<Papers> papers, Path lastGood) {
        return new FeedSettings(
                gateway, host, () -> byName(host, port), papers, lastGood, Timing.DEFAULTS);
    }

    public FeedSettings with(Timing other) {
        return new FeedSettings(gateway, serverName, operators, papers, lastGood, other);
    }

    private static List<InetSocketAddress> byName(String host, int port) throws IOException {
        return Stream.of(InetAddress.getAllByName(host))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }
}
