package dev.marea.app.role;

import dev.marea.app.home.ConfigFile.BadConfig;
import dev.marea.app.home.ConfigSection;
import dev.marea.kubernetes.api.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What the section {@code gateway} of config.yaml says.
 *
 * @param notice between saying that it is not ready and closing its port, so that whoever spreads
 *     requests over gateways has learnt of it
 * @param drain how long requests may then take to finish
 * @param feedHost where operators tell routes; empty for {@code marea-operator-feed} of the pod's
 *     own namespace
 * @param tls the directory with ca.crt, tls.crt and tls.key, by which gateway and operators know
 *     each other
 * @param lastGood the file that keeps the last table of routes, for a start without any operator
 */
public record GatewayConfig(
        int port,
        int adminPort,
        Duration notice,
        Duration drain,
        Optional<String> feedHost,
        int feedPort,
        Path tls,
        Path lastGood) {
    static final String SECTION = "gateway";

    private static final Set<String> KEYS =
            Set.of(
                    "port",
                    "adminPort",
                    "noticeSeconds",
                    "drainSeconds",
                    "feedHost",
                    "feedPort",
                    "tls",
                    "lastGood");

    private static final int PORT = 8080;
    private static final Duration NOTICE = Duration.ofSeconds(5);
    private static final Duration DRAIN = Duration.ofSeconds(60);

    public static GatewayConfig read(Path file) throws IOException, BadConfig {
        var section = ConfigSection.read(file, SECTION, Sections.ALL, KEYS);
        return new GatewayConfig(
                section.port("port").orElse(PORT),
                section.port("adminPort").orElse(Sections.ADMIN_PORT),
                section.seconds("noticeSeconds").orElse(NOTICE),
                section.seconds("drainSeconds").orElse(DRAIN),
                section.text("feedHost"),
                section.port("feedPort").orElse(Installation.FEED_PORT),
                Path.of(section.text("tls").orElse("/etc/marea/tls")),
                Path.of(section.text("lastGood").orElse("/var/lib/marea/feed/last")));
    }

    public GatewayConfig withPorts(int gateway, int admin) {
        return new GatewayConfig(gateway, admin, notice, drain, feedHost, feedPort, tls, lastGood);
    }
}
