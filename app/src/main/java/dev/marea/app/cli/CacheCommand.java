package dev.marea.app.cli;

import dev.marea.app.home.ConfigFile;
import dev.marea.app.home.Settings;
import dev.marea.storage.FetchOrder;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.cache.NodeCache;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.transfer.Progress;
import dev.marea.wire.kserve.FetchProgress;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What this node has fetched; works whether the platform runs or not. */
@Command(
        mixinStandardHelpOptions = true,
        name = "cache",
        description = "Show and tend the models that this node has fetched.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  marea cache ls",
            "  marea cache pull hf://owner/model    fetch before a service asks for it",
            "  marea cache pin hf://owner/model     keep it whatever else is fetched",
            "  marea cache prune --all              forget what nobody uses"
        })
final class CacheCommand {
    @ParentCommand private @Nullable MareaCommand root;

    private MareaCommand root() {
        return Objects.requireNonNull(root);
    }

    @Command(name = "ls", mixinStandardHelpOptions = true, description = "List them.")
    int ls() throws IOException, Failure {
        var models = cache(settings()).list();
        if (models.isEmpty()) {
            root().console().note("Nothing was fetched yet.");
            return 0;
        }
        var table = new Table("MODEL", "FILES", "SIZE", "LAST USED", "PINNED", "IN USE");
        for (var model : models) {
            table.row(
                    model.pinned(),
                    Integer.toString(model.files()),
                    ProgressBar.bytes(model.bytes()),
                    model.used().toString(),
                    model.pin() ? "yes" : "",
                    model.inUse() ? "yes" : "");
        }
        table.print(root().console());
        return 0;
    }

    @Command(
            name = "prune",
            mixinStandardHelpOptions = true,
            description = "Forget models that nobody uses, the one used longest ago first.")
    int prune(
            @Option(names = "--all", description = "All of them, not only down to the budget")
                    boolean all)
            throws IOException, Failure {
        var settings = settings();
        var pruned = cache(settings).prune(all ? 0 : settings.fetching().cacheBytes());
        root().console()
                .line(
                        "%d models forgotten, %s freed"
                                .formatted(pruned.models(), ProgressBar.bytes(pruned.bytes())));
        return 0;
    }

    @Command(
            name = "pin",
            mixinStandardHelpOptions = true,
            description = "Keep a model, or let it go again.")
    int pin(
            @Parameters(paramLabel = "URI") String uri,
            @Option(names = "--remove", description = "It may be forgotten again") boolean remove)
            throws IOException, Failure {
        if (cache(settings()).pin(uri, !remove) == 0) {
            throw new Failure(uri + " is not in the cache; `marea cache pull` fetches it");
        }
        root().console().line(uri + (remove ? " is not pinned any more" : " is pinned"));
        return 0;
    }

    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            description = "Fetch a model, with the credentials of the environment.")
    int pull(@Parameters(paramLabel = "URI") String uri)
            throws IOException, InterruptedException, Failure {
        var settings = settings();
        var home = root().preparedHome();
        var own =
                StorageSettings.usual(new AddressPolicy(settings.fetching().loopback()))
                        .with(
                                new StorageSettings.Cache(
                                        home.cache(), settings.fetching().cacheBytes()));
        var access = Access.read(root().environment().variables());
        var fetched =
                new Storage(own).pull(FetchOrder.of(uri, home.cache()).with(access), this::show);
        root().console().live("");
        root().console()
                .line(
                        "%s: %d files, %s, %s of them from the store"
                                .formatted(
                                        fetched.pinned(),
                                        fetched.files(),
                                        ProgressBar.bytes(fetched.bytes()),
                                        ProgressBar.bytes(fetched.network())));
        return 0;
    }

    private void show(Progress progress) {
        root().console()
                .live(
                        ProgressBar.of(
                                new FetchProgress(
                                        progress.bytes(),
                                        progress.total(),
                                        progress.rate(),
                                        progress.etaSeconds().orElse(-1),
                                        progress.resumedFrom(),
                                        progress.files())));
    }

    private Settings settings() throws IOException, Failure {
        try {
            return ConfigFile.read(root().home().config(), Settings.DEFAULT);
        } catch (ConfigFile.BadConfig bad) {
            throw new Failure(String.valueOf(bad.getMessage()));
        }
    }

    private NodeCache cache(Settings settings) {
        return new NodeCache(
                root().home().cache(), settings.fetching().cacheBytes(), Clock.systemUTC());
    }
}
