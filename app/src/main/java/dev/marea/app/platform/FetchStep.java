package dev.marea.app.platform;

import dev.marea.local.node.Steps;
import dev.marea.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The storage-initializer's step, {@code marea:V fetch SOURCE TARGET ...} of any version V, run in
 * this process.
 */
record FetchStep(String repository, Storage storage) implements Steps {
    @Override
    public boolean runs(String wanted, List<String> args) {
        return wanted.startsWith(repository + ":")
                && !args.isEmpty()
                && args.getFirst().equals("fetch")
                && args.size() % 2 == 1;
    }

    @Override
    public void run(Task task, Notes notes) throws IOException, InterruptedException {
        var args = task.args();
        var said = new StepLog(task.log());
        for (int i = 1; i < args.size(); i += 2) {
            var source = args.get(i);
            said.accept("fetching " + source);
            var fetched = storage.fetch(source, Path.of(args.get(i + 1)));
            said.accept(
                    "fetched %s: %d files, %d bytes"
                            .formatted(source, fetched.files(), fetched.bytes()));
        }
    }
}
