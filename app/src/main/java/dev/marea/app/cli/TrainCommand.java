package dev.marea.app.cli;

import dev.marea.app.home.Settings;
import dev.marea.app.platform.Training;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** One run of everything, from which the JVM makes its AOT caches; the build calls it. */
@Command(
        mixinStandardHelpOptions = true,
        name = "train",
        hidden = true,
        description = "Run the platform once so that the JVM can make its AOT caches.")
final class TrainCommand implements Callable<Integer> {
    @ParentCommand private @Nullable MareaCommand root;

    @Override
    public Integer call() throws Exception {
        var marea = java.util.Objects.requireNonNull(root);
        marea.home().prepare();
        Training.run(
                marea.home(), Settings.DEFAULT.withGatewayPort(0).withApiPort(0).withAdminPort(0));
        return 0;
    }
}
