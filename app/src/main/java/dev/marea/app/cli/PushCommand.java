package dev.marea.app.cli;

import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.store.Unpack.Compression;
import dev.marea.storage.stores.oci.Push;
import dev.marea.storage.stores.oci.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Packs a model as an image of a registry, which any cluster's nodes can fetch. */
@Command(
        mixinStandardHelpOptions = true,
        name = "push",
        description = "Pack a directory as an OCI image with the model under /models, and push it.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea push ./model oci://registry.example/team/model:1"})
final class PushCommand implements Callable<Integer> {
    private static final String SCHEME = "oci://";

    @ParentCommand private @Nullable MareaCommand root;

    @Parameters(index = "0", paramLabel = "DIR", description = "The model's directory")
    private Path directory = Path.of(".");

    @Parameters(index = "1", paramLabel = "oci://REGISTRY/NAME:TAG", description = "Where to")
    private String target = "";

    @Option(
            names = "--compress",
            defaultValue = "NONE",
            description = "${COMPLETION-CANDIDATES}; weights hardly shrink. Default: NONE")
    private Compression compression = Compression.NONE;

    @Override
    public Integer call() throws Exception {
        var marea = Objects.requireNonNull(root);
        if (!Files.isDirectory(directory)) {
            throw Failure.misuse(directory + " is no directory");
        }
        if (!target.startsWith(SCHEME)) {
            throw Failure.misuse("write oci://REGISTRY/NAME:TAG, not " + target);
        }
        var reference =
                Reference.read(target.substring(SCHEME.length()))
                        .orElseThrow(() -> Failure.misuse(target + " is no name of an image"));
        var access = Access.read(marea.environment().variables());
        var storage = new Storage(StorageSettings.usual(AddressPolicy.ONE_MACHINE));
        var console = marea.console();
        var work = marea.preparedHome().cache().resolve("push");
        var pushed =
                storage.asking(
                        access,
                        http ->
                                new Push(access, http, work)
                                        .push(
                                                directory,
                                                reference,
                                                compression,
                                                new Said(console)));
        console.live("");
        console.line(
                "%s: %d layers, %s sent"
                        .formatted(
                                pushed.uri(), pushed.layers(), ProgressBar.bytes(pushed.bytes())));
        return 0;
    }

    private record Said(Console console) implements Push.Watcher {
        @Override
        public void packed(String digest, long bytes) {
            console.live("packed " + ProgressBar.bytes(bytes));
        }

        @Override
        public void sent(String digest, long bytes) {
            console.live("sent " + ProgressBar.bytes(bytes));
        }
    }
}
