package dev.marea.app.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What the verbs share: the root command and the namespace option. */
abstract sealed class Verb implements Callable<Integer>
        permits ApplyCommand,
                DeleteCommand,
                DescribeCommand,
                DoctorCommand,
                GetCommand,
                ImportCommand,
                LogsCommand,
                PredictCommand,
                PromoteCommand,
                RollbackCommand,
                TrafficCommand {

    @ParentCommand private @Nullable MareaCommand root;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "The namespace. Default: that of the kubeconfig, else default")
    private @Nullable String namespace;

    MareaCommand root() {
        if (root == null) {
            throw new IllegalStateException("a verb runs below the root command");
        }
        return root;
    }

    Console console() {
        return root().console();
    }

    String namespace(dev.marea.kubernetes.client.Cluster cluster) {
        return namespace == null ? cluster.namespace() : namespace;
    }
}
