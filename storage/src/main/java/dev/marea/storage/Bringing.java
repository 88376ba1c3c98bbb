package dev.marea.storage;

import dev.marea.storage.Plan.Planned;
import dev.marea.storage.cache.Intake;
import dev.marea.storage.cache.Manifest;
import dev.marea.storage.cache.ModelKey;
import dev.marea.storage.store.Checksum.Algorithm;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.transfer.Job;
import dev.marea.storage.transfer.Meter;
import dev.marea.storage.transfer.Progress;
import dev.marea.storage.transfer.Transfer;
import java.io.IOException;
import java.nio.file.Path;
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
            var planned = plan.files().get(i);
            long size = planned.file().size();
            total = total < 0 || size < 0 ? -1 : total + size;
            add(i, planned, earlier);
        }
        meter.expect(total, plan.files().size());
        intake.makeRoom(coming);
        transfer.run(jobs, meter, tell);
        return intake.complete(
                plan.order().uri(), plan.listing().pinned(), tree.entries(plan.files().size()));
    }

    private void add(int number, Planned planned, Map<String, Manifest.Entry> earlier)
            throws IOException {
        var file = planned.file();
        var known = known(planned, earlier);
        if (known.isPresent() && intake.hold(known.get())) {
            tree.put(number, entry(planned, known.get(), file.size()));
            meter.had(file.size());
            meter.fileDone();
            return;
        }
        coming += Math.max(0, file.size());
        jobs.add(
                switch (file.unpack()) {
                    case Unpack.Keep _ -> keep(number, planned);
                    case Unpack.Archive(var format) -> unpacking(number, planned).archive(format);
                    case Unpack.Layer(var compression, var directory) ->
                            unpacking(number, planned).layer(compression, directory);
                });
    }

    /** The content's SHA-256 if the node has a file of that content. */
    private Optional<String> known(Planned planned, Map<String, Manifest.Entry> earlier)
            throws IOException {
        var file = planned.file();
        if (!(file.unpack() instanceof Unpack.Keep)) {
            return Optional.empty();
        }
        var told =
                file.sum().filter(sum -> sum.algorithm() == Algorithm.SHA256).map(sum -> sum.hex());
        var before =
                planned.version()
                        .flatMap(version -> Optional.ofNullable(earlier.get(version)))
                        .map(Manifest.Entry::sha256);
        for (var candidate : List.of(told, before)) {
            if (candidate.isPresent() && intake.has(candidate.get(), file.size())) {
                return candidate;
            }
        }
        return Optional.empty();
    }

    /** The same for the next try; two equal layers of one image are two files. */
    private static String name(int number, Planned planned) {
        var file = planned.file();
        var name = planned.version().orElseGet(() -> ModelKey.hash(file.path())).substring(0, 32);
        return file.unpack() instanceof Unpack.Layer ? name + "-" + number : name;
    }

    private Optional<Path> journal(int number, Planned planned) {
        boolean worth = planned.version().isPresent() && planned.file().size() >= JOURNAL_BYTES_MIN;
        return worth ? Optional.of(intake.journal(name(number, planned))) : Optional.empty();
    }

    private Job keep(int number, Planned planned) {
        return new Job(
                planned.file(),
                intake.data(name(number, planned)),
                journal(number, planned),
                Optional.empty(),
                (data, sums) -> {
                    intake.adopt(data, sums.sha256());
                    tree.put(number, entry(planned, sums.sha256(), sums.bytes()));
                });
    }

    private Unpacking unpacking(int number, Planned planned) {
        return new Unpacking(
                settings,
                intake,
                planned.file(),
                name(number, planned),
                journal(number, planned),
                (entries, removed) -> tree.put(number, entries, removed));
    }

    private static Manifest.Entry entry(Planned planned, String sha256, long size) {
        return new Manifest.Entry(
                planned.file().path(), size, sha256, planned.version().orElse("-"));
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
