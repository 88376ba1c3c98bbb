package dev.marea.app.cli;

import dev.marea.app.role.OperatorRole;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The control plane on a cluster. */
@Command(
        mixinStandardHelpOptions = true,
        name = "operator",
        hidden = true,
        description = "Run Marea's control plane in a pod of a cluster.")
final class OperatorCommand implements Callable<Integer> {
    @ParentCommand private @Nullable MareaCommand root;

    @Mixin private RoleFlags flags = new RoleFlags();

    @Option(names = "--with-gateway", description = "Run the gateway in the same pod too")
    private boolean withGateway;

    @Override
    public Integer call() throws Exception {
        var environment = Objects.requireNonNull(root).environment();
        var pod = RoleFlags.pod(environment);
        var settings = flags.operator(environment);
        if (withGateway) {
            OperatorRole.runWithGateway(settings, flags.gateway(environment, null), pod);
        } else {
            OperatorRole.run(settings, pod);
        }
        return 0;
    }
}
