package dev.marea.app.cli;

import dev.marea.app.home.ConfigFile.BadConfig;
import dev.marea.app.role.GatewayConfig;
import dev.marea.app.role.OperatorConfig;
import dev.marea.app.role.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the roles of a cluster share: a flag wins over MAREA_*, that over config.yaml. */
final class RoleFlags {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings. Default: $$MAREA_CONFIG, else /etc/marea/config.yaml")
    private @Nullable Path config;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "The port of metrics and health. Default: 9090")
    private @Nullable Integer adminPort;

    OperatorConfig operator(Environment environment) throws IOException, Failure {
        try {
            var settings = OperatorConfig.read(file(environment));
            return settings.withAdminPort(adminPort(environment, settings.adminPort()));
        } catch (BadConfig bad) {
            throw Failure.misuse(String.valueOf(bad.getMessage()));
        }
    }

    GatewayConfig gateway(Environment environment, @Nullable Integer port)
            throws IOException, Failure {
        try {
            var settings = GatewayConfig.read(file(environment));
            return settings.withPorts(
                    Ports.choose(port, environment.port(), "MAREA_PORT", settings.port()),
                    adminPort(environment, settings.adminPort()));
        } catch (BadConfig bad) {
            throw Failure.misuse(String.valueOf(bad.getMessage()));
        }
    }

    static Pod pod(Environment environment) throws Failure {
        try {
            return new Pod(environment.cluster().podName(), environment.cluster().podNamespace());
        } catch (IllegalArgumentException unset) {
            throw Failure.misuse(String.valueOf(unset.getMessage()));
        }
    }

    private Path file(Environment environment) {
        return Optional.ofNullable(config).orElseGet(() -> Path.of(environment.cluster().config()));
    }

    private int adminPort(Environment environment, int otherwise) throws Failure {
        return Ports.choose(adminPort, environment.adminPort(), "MAREA_ADMIN_PORT", otherwise);
    }
}
