package dev.marea.app.platform;

import dev.marea.app.fetch.ModelFetch;
import dev.marea.local.node.Steps;
import dev.marea.storage.Storage;
import dev.marea.wire.kserve.FetchProgress;
import dev.marea.wire.kserve.FetchTerms;
import dev.marea.wire.kserve.Pins;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The storage-initializer's step, {@code marea:V fetch SOURCE TARGET ...} of any version V, run in
 * this process.
 *
 * @param environment of the person who started the platform, whose credentials the clients of
 *     stores would find too
 */
record FetchStep(String repository, Storage storage, Map<String, String> environment)
        implements Steps {
    @Override
    public boolean runs(String wanted, List<String> args) {
        return wanted.startsWith(repository + ":")
                && !args.isEmpty()
                && args.getFirst().equals("fetch")
                && args.size() % 2 == 1;
    }

    @Override
    public void run(Task task, Notes notes) throws IOException, InterruptedException {
        var variables = new HashMap<>(environment);
        // An endpoint in the pod's own environment would pose as the administrator's.
        task.env()
                .forEach((name, value) -> {
                    if (FetchTerms.mayBeSaidByAService(name)) {
                        variables.put(name, value);
                    }
                });
        var fetch =
                new ModelFetch(
                        storage,
                        variables,
                        new StepLog(task.log()),
                        progress -> notes.annotate(FetchProgress.ANNOTATION, progress.write()));
        var pins = fetch.run(task.args().subList(1, task.args().size()));
        if (!pins.isEmpty()) {
            Files.writeString(task.message(), Pins.message(pins));
        }
    }

    /** The environment may hold secrets. */
    @Override
    public String toString() {
        return "FetchStep[" + repository + "]";
    }
}
