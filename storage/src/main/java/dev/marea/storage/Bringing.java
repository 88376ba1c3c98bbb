package dev.marea.storage;

import dev.marea.storage.cache.Intake;
import dev.marea.storage.cache.Manifest;
import dev.marea.storage.cache.ModelKey;
import dev.marea.storage.store.Checksum.Algorithm;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.transfer.Job;
import dev.marea.storage.transfer.Meter;
import dev.marea.storage.transfer.Progress;
import dev.marea.storage.transfer.Transfer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings what the node has not: files that it knows by their content are not brought again. */
final class Bringing {
    /** Smaller files are brought anew after a crash; a journal would cost more than they. */
    private static final long JOURNAL_BYTES_MIN = 1 << 20;

    private final StorageSettings settings;
    private final Plan plan;
    private final Intake intake;
    private final Meter meter;
    private final Tree tree;
    private final List<Job> jobs = new ArrayList<>();
    private long coming;

    Bringing(StorageSettings settings, Plan plan, Intake intake, Meter meter) {
        this.settings = settings;
        this.plan = plan;
        this.intake = intake;
        this.meter = meter;
        this.tree = new Tree(plan.order().uri(), settings.filesMax());
    }

    Manifest run(Transfer transfer, Map<String, Manifest.Entry> earlier, Consumer<Progress> tell)
            throws IOException, InterruptedException {
        long total = 0;
        for (int i = 0; i < plan.files().size(); i++) {
            var file = plan.files().get(i);
            total = total < 0 || file.size() < 0 ? -1 : total + file.size();
            add(i, file, earlier);
        }
        meter.expect(total, plan.files().size());
        intake.makeRoom(coming);
        transfer.run(jobs, meter, tell);
        return intake.complete(plan.order().uri(), plan.listing().pinned(), tree.entries());
    }

    private void add(int number, RemoteFile file, Map<String, Manifest.Entry> earlier)
            throws IOException {
        var known = known(file, earlier);
        if (known.isPresent() && intake.hold(known.get())) {
            tree.put(number, entry(file, known.get(), file.size()));
            meter.had(file.size());
            meter.fileDone();
            return;
        }
        var name = Plan.version(file).orElseGet(() -> ModelKey.hash(file.path())).substring(0, 32);
        boolean resumable = Plan.version(file).isPresent() && file.size() >= JOURNAL_BYTES_MIN;
        coming += Math.max(0, file.size());
        jobs.add(
                switch (file.unpack()) {
                    case Unpack.Keep _ -> keep(number, file, name, resumable);
                    case Unpack.Archive(var format) ->
                            Unpacking.archive(
                                    settings, intake, tree, number, file, name, resumable, format);
                    case Unpack.Layer layer ->
                            Unpacking.layer(
                                    settings, intake, tree, number, file, name, resumable, layer);
                });
    }

    /** The content's SHA-256 if the node has a file of that content. */
    private Optional<String> known(RemoteFile file, Map<String, Manifest.Entry> earlier)
            throws IOException {
        if (!(file.unpack() instanceof Unpack.Keep)) {
            return Optional.empty();
        }
        var told =
                file.sum().filter(sum -> sum.algorithm() == Algorithm.SHA256).map(sum -> sum.hex());
        var before =
                Plan.version(file)
                        .flatMap(version -> Optional.ofNullable(earlier.get(version)))
                        .filter(entry ->
                                entry.path().equals(file.path()) && entry.size() == file.size())
                        .map(Manifest.Entry::sha256);
        for (var candidate : List.of(told, before)) {
            if (candidate.isPresent() && intake.has(candidate.get(), file.size())) {
                return candidate;
            }
        }
        return Optional.empty();
    }

    private Job keep(int number, RemoteFile file, String name, boolean resumable) {
        return new Job(
                file,
                intake.data(name),
                resumable ? Optional.of(intake.journal(name)) : Optional.empty(),
                Optional.empty(),
                (data, sums) -> {
                    intake.adopt(data, sums.sha256());
                    tree.put(number, entry(file, sums.sha256(), sums.bytes()));
                });
    }

    private static Manifest.Entry entry(RemoteFile file, String sha256, long size) {
        return new Manifest.Entry(file.path(), size, sha256, Plan.version(file).orElse("-"));
    }

    /** So that a caller may tell who failed. */
    static FetchFailure changed(String uri, String what) {
        return FetchFailure.passing(
                uri
                        + " keeps changing while it is fetched: "
                        + what
                        + "; fetch it when its upload is over");
    }
}
