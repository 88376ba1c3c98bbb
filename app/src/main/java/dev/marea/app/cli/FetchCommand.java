package dev.marea.app.cli;

import dev.marea.app.role.FetchRole;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.http.AddressPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Brings a model's files, as the init container of a model's pod does. */
@Command(
        mixinStandardHelpOptions = true,
        name = "fetch",
        hidden = true,
        description =
                "Fetch models into directories. Exit codes: 0 all are there, 1 a later attempt may succeed, 3 none can.")
final class FetchCommand implements Callable<Integer> {
    @ParentCommand private @Nullable MareaCommand root;

    @Parameters(
            paramLabel = "URI DIR",
            arity = "2..*",
            description = "A model's storage URI and the directory for its files")
    private List<String> sources = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (sources.size() % 2 != 0) {
            throw Failure.misuse("each URI needs a directory after it");
        }
        var environment = Objects.requireNonNull(root).environment();
        var storage = new Storage(StorageSettings.usual(AddressPolicy.CLUSTER));
        var message = Path.of(environment.cluster().terminationLog());
        return new FetchRole(storage, environment.variables(), message).run(sources);
    }
}
