package dev.marea.app;

import dev.marea.app.cli.Environment;
import dev.marea.app.cli.MareaCommand;
import java.io.Console;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The marea command. The environment is read here and nowhere else. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Logging.start();
        System.exit(MareaCommand.run(environment(System.getenv()), args));
    }

    private static Environment environment(Map<String, String> variables) {
        return new Environment(
                Path.of(
                        variables.getOrDefault(
                                "MAREA_HOME", System.getProperty("user.home") + "/.marea")),
                variables.getOrDefault("MAREA_PORT", ""),
                variables.getOrDefault("MAREA_API_PORT", ""),
                variables.getOrDefault("MAREA_ADMIN_PORT", ""),
                variables.getOrDefault("PATH", ""),
                !variables.containsKey("NO_COLOR")
                        && Optional.ofNullable(System.console())
                                .filter(Console::isTerminal)
                                .isPresent());
    }
}
