package dev.marea.app;

import dev.marea.app.cli.Environment;
import dev.marea.app.cli.MareaCommand;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The marea command. The environment is read here and nowhere else. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var environment = environment(System.getenv());
        if (environment.terminal() || !System.getenv().containsKey("KUBERNETES_SERVICE_HOST")) {
            Logging.start(environment.terminal() && errorsGoWhereOutputGoes());
        } else {
            Logging.startForMachines();
        }
        System.exit(MareaCommand.run(environment, args));
    }

    // A log line then shares the terminal with the live status line.
    private static boolean errorsGoWhereOutputGoes() {
        try {
            return Path.of("/dev/fd/1").toRealPath().equals(Path.of("/dev/fd/2").toRealPath());
        } catch (IOException unknown) {
            return false;
        }
    }

    private static Environment environment(Map<String, String> variables) {
        boolean terminal =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        return new Environment(
                Path.of(
                        variables.getOrDefault(
                                "MAREA_HOME", System.getProperty("user.home") + "/.marea")),
                variables.getOrDefault("MAREA_PORT", ""),
                variables.getOrDefault("MAREA_API_PORT", ""),
                variables.getOrDefault("MAREA_ADMIN_PORT", ""),
                variables.getOrDefault("PATH", ""),
                terminal,
                terminal && variables.getOrDefault("NO_COLOR", "").isEmpty(),
                new Environment.Cluster(
                        variables.getOrDefault("POD_NAME", ""),
                        variables.getOrDefault("POD_NAMESPACE", ""),
                        variables.getOrDefault("MAREA_CONFIG", "/etc/marea/config.yaml"),
                        variables.getOrDefault("TERMINATION_LOG", "/dev/termination-log")),
                variables);
    }
}
