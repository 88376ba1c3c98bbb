package dev.marea.app.cli;

import dev.marea.app.platform.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Prints the version. */
@Command(mixinStandardHelpOptions = true, name = "version", description = "Print the version.")
final class VersionCommand implements Callable<Integer> {
    @ParentCommand private @org.jspecify.annotations.Nullable MareaCommand root;

    @Override
    public Integer call() {
        java.util.Objects.requireNonNull(root)
                .console()
                .line("marea " + Version.CURRENT + " (Java " + Runtime.version() + ")");
        return 0;
    }
}
