package dev.marea.app.agent;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The agent's command line, the same in a pod of a cluster and in the process of one machine. */
public final class AgentFlags {
    @Option(
            names = "--config-dir",
            paramLabel = "DIR",
            description = "The directory of models.json. Default: ${DEFAULT-VALUE}")
    private Path configDir = Path.of("/mnt/configs");

    @Option(
            names = "--model-dir",
            paramLabel = "DIR",
            description = "The server's repository. Default: ${DEFAULT-VALUE}")
    private Path modelDir = Path.of("/mnt/models");

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Where the server is asked to load. Default: ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--once",
            description = "Fetch what the list names before the server starts, and end")
    private boolean once;

    public static AgentFlags parse(List<String> args) {
        return CommandLine.populateCommand(new AgentFlags(), args.toArray(String[]::new));
    }

    Path configDir() {
        return configDir;
    }

    Path modelDir() {
        return modelDir;
    }

    URI server() {
        return server;
    }

    boolean once() {
        return once;
    }
}
