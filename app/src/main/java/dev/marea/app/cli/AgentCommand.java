package dev.marea.app.cli;

import dev.marea.app.agent.AgentFlags;
import dev.marea.app.agent.ModelAgent;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.AddressPolicy;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** The sidecar of a server of many models on a cluster; one machine runs it in its own process. */
@Command(
        mixinStandardHelpOptions = true,
        name = "agent",
        hidden = true,
        description = "Fill a model server's repository with what models.json names.")
final class AgentCommand implements Callable<Integer> {
    @ParentCommand private @Nullable MareaCommand root;

    @Mixin private AgentFlags flags = new AgentFlags();

    @Override
    public Integer call() throws Exception {
        var out = Objects.requireNonNull(root).console().out();
        // Writing what became of each onto the pod needs rights that a tenant's pod has not.
        var access = Access.read(Objects.requireNonNull(root).environment().variables());
        var storage = new Storage(StorageSettings.usual(AddressPolicy.CLUSTER).with(access));
        ModelAgent.run(flags, storage, out::println, _ -> {});
        return 0;
    }
}
