package dev.marea.app.cli;

import dev.marea.app.role.GatewayRole;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The data plane on a cluster. */
@Command(
        mixinStandardHelpOptions = true,
        name = "gateway",
        hidden = true,
        description = "Run Marea's gateway in a pod of a cluster.")
final class GatewayCommand implements Callable<Integer> {
    @ParentCommand private @Nullable MareaCommand root;

    @Mixin private RoleFlags flags = new RoleFlags();

    @Option(names = "--port", paramLabel = "PORT", description = "Default: 8080")
    private @Nullable Integer port;

    @Override
    public Integer call() throws Exception {
        var environment = Objects.requireNonNull(root).environment();
        GatewayRole.run(flags.gateway(environment, port), RoleFlags.pod(environment));
        return 0;
    }
}
