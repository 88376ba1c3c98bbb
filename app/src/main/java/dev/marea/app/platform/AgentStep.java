package dev.marea.app.platform;

import dev.marea.app.agent.ModelAgent;
import dev.marea.app.agent.ServerCalls;
import dev.marea.local.node.Steps;
import dev.marea.storage.Storage;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * The agent of a replica of many models, {@code marea:V agent CONFIGS REPOSITORY [SERVER]} of any
 * version V, run in this process. Without a server it brings what is named now and ends.
 */
record AgentStep(String repository, Storage storage) implements Steps {
    private static final int WITHOUT_SERVER = 3;

    @Override
    public boolean runs(String wanted, List<String> args) {
        return wanted.startsWith(repository + ":")
                && (args.size() == WITHOUT_SERVER || args.size() == WITHOUT_SERVER + 1)
                && args.getFirst().equals("agent");
    }

    @Override
    public void run(String wanted, List<String> args, Path log) throws InterruptedException {
        var agent =
                new ModelAgent(
                        Path.of(args.get(1)),
                        Path.of(args.get(2)),
                        storage,
                        new StepLog(log)::note,
                        InstantSource.system());
        if (args.size() == WITHOUT_SERVER) {
            agent.prepare();
            return;
        }
        try (var server = new ServerCalls(URI.create(args.get(WITHOUT_SERVER)))) {
            agent.follow(server);
        }
    }
}
