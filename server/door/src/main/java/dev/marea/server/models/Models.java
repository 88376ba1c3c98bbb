package dev.marea.server.models;

import dev.marea.server.config.ModelConfig;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Runtimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The models of this process: which there are, and whether each may be asked yet, or still.
 *
 * <p>A server of one model answers once that is loaded. A server of a repository answers for every
 * model in service, and loads it when it is asked: memory holds the ones that were asked last. In a
 * watched repository all models are in service, in another those that somebody asked to be loaded.
 */
public final class Models implements AutoCloseable {
    /** A model may be put out of memory again before its turn comes; not for ever. */
    private static final int TRIES_MAX = 3;

    private final Source source;
    private final Optional<RepositorySettings> repository;
    private final ServingSettings serving;
    private final LongSupplier nanos;
    private final Executor threads;
    private final Residence residence;
    private final Catalog catalog = new Catalog();
    private volatile @Nullable Working working;
    private volatile boolean draining;

    /** What there is from the start on. */
    private record Working(Loader loader, Changes changes, Optional<Watch> watch) {}

    public Models(ModelSettings one) {
        this(one, ServingSettings.of(one));
    }

    /** One model; {@link ModelSettings#probabilities} must agree with what holds for the server. */
    public Models(ModelSettings one, ServingSettings serving) {
        this(new OneModel(one), Optional.empty(), serving, System::nanoTime, new LoadThreads());
        catalog.entry(one.name()).putInService(true);
    }

    public Models(RepositorySettings repository, ServingSettings serving) {
        this(repository, serving, System::nanoTime, new LoadThreads());
    }

    Models(
            RepositorySettings repository,
            ServingSettings serving,
            LongSupplier nanos,
            Executor threads) {
        this(
                new RepositoryDirectory(repository.directory()),
                Optional.of(repository),
                serving,
                nanos,
                threads);
    }

    private Models(
            Source source,
            Optional<RepositorySettings> repository,
            ServingSettings serving,
            LongSupplier nanos,
            Executor threads) {
        this.source = source;
        this.repository = repository;
        this.serving = serving;
        this.nanos = nanos;
        this.threads = threads;
        residence = new Residence(serving.memoryBytes());
    }

    /** Whether all that this process was started with is ready, and nothing ends. */
    public boolean isReady() {
        return working != null && !draining;
    }

    /** The models in service. */
    public List<String> names() {
        return catalog.all().stream().filter(Entry::isInService).map(Entry::name).toList();
    }

    /** Whether this model answers now. Refuses what is not known here. */
    public boolean isReady(String name, Optional<String> version) throws Refused {
        var entry = catalog.known(name);
        return isReady()
                && entry.isInService()
                && !entry.slots().isEmpty()
                && answers(entry.slot(version));
    }

    /** What is not in memory but can be loaded answers too, after a while. */
    private static boolean answers(Slot slot) {
        return switch (slot.state()) {
            case Slot.State.Present _, Slot.State.Absent _ -> true;
            case Slot.State.Loading _ -> slot.metadata().isPresent();
            case Slot.State.Failed _ -> false;
        };
    }

    /** Oldest first. */
    public List<String> versions(String name) throws Refused {
        var slots = catalog.inService(name).slots();
        return slots.isEmpty()
                ? List.of(ModelFiles.FIRST_VERSION)
                : slots.reversed().stream().map(Slot::version).toList();
    }

    /** Never waits: where the model was never in memory, it is loaded for whoever asks again. */
    public ModelMetadata metadata(String name, Optional<String> version) throws Refused {
        var slot = asked(name, version);
        var facts = slot.metadata();
        if (facts.isEmpty()) {
            whenLoaded(name, version, () -> {});
            facts = slot.metadata();
        }
        return facts.orElseThrow(() -> Refused.notReady(name));
    }

    /** As {@link #metadata}, of what is known without loading anything. */
    public Optional<ModelMetadata> metadataKnown(String name) throws Refused {
        return asked(name, Optional.empty()).metadata();
    }

    /** How a model is served: what the service and its own directory say. */
    public ModelConfig config(String name, Optional<String> version) throws Refused {
        return catalog.inService(name).slot(version).config();
    }

    /** What each version has done since it was first loaded. */
    public List<ModelStatistics> statistics() {
        var all = new ArrayList<ModelStatistics>();
        for (var entry : catalog.all()) {
            addStatistics(entry, Optional.empty(), all);
        }
        return all;
    }

    /** The same of one model; of its one version, where that is named. */
    public List<ModelStatistics> statistics(String name, Optional<String> version) throws Refused {
        var entry = catalog.inService(name);
        entry.slot(version);
        var found = new ArrayList<ModelStatistics>();
        addStatistics(entry, version, found);
        return found;
    }

    private static void addStatistics(
            Entry entry, Optional<String> version, List<ModelStatistics> all) {
        for (var slot : entry.slots().reversed()) {
            boolean wanted = version.isEmpty() || version.get().equals(slot.version());
            if (wanted && slot.metadata().isPresent()) {
                all.add(slot.tally().statistics(entry.name(), slot.version()));
            }
        }
    }

    /** The repository's index. */
    public List<ModelState> index() {
        var all = new ArrayList<ModelState>();
        for (var entry : catalog.all()) {
            all.addAll(Catalog.index(entry, isReady()));
        }
        return all;
    }

    /** How many models are in memory, and how much of it they hold and may hold. */
    public record Memory(int models, long usedBytes, long budgetBytes) {}

    public Memory memory() {
        return new Memory(residence.count(), residence.used(), residence.budget());
    }

    /** Refuses what {@link #lease} would refuse, before a body is read. Never waits. */
    public void check(String name, Optional<String> version) throws Refused {
        asked(name, version);
    }

    private Slot asked(String name, Optional<String> version) throws Refused {
        var slot = catalog.asked(name, version, nanos.getAsLong());
        working(name);
        return slot;
    }

    /**
     * The model for a prediction, if it is in memory: while draining, requests that still arrive
     * are served. Empty where it is known and must be loaded first ({@link #leaseLoading}, {@link
     * #whenLoaded}). Never waits.
     */
    public Optional<Lease> lease(String name, Optional<String> version) throws Refused {
        var slot = asked(name, version);
        return slot.lease(method(slot), nanos.getAsLong());
    }

    /** As {@link #lease}, and loads it where needed. May take long: never on an event loop. */
    public Lease leaseLoading(String name, Optional<String> version) throws Refused {
        for (int i = 0; i < TRIES_MAX; i++) {
            var lease = lease(name, version);
            if (lease.isPresent()) {
                return lease.get();
            }
            working(name).loader.load(asked(name, version)).join();
        }
        throw Refused.busy("memory does not suffice for the models that are asked");
    }

    /**
     * Loads a model if it must be, and then calls this, on whatever thread; also where loading
     * failed, which {@link #lease} then says. Never waits.
     */
    public void whenLoaded(String name, Optional<String> version, Runnable then) throws Refused {
        var _ = working(name).loader.load(asked(name, version)).thenRun(then);
    }

    private Working working(String name) throws Refused {
        var ready = working;
        if (ready == null) {
            throw Refused.notReady(name);
        }
        return ready;
    }

    /** Where probabilities are to be answered, those models answer them that have some. */
    private Optional<Method> method(Slot slot) {
        boolean asked = serving.probabilities() && slot.hasProbabilities();
        return asked ? Optional.of(Method.PREDICT_PROBA) : Optional.empty();
    }

    /**
     * Loads a model of the repository, or what has changed of it, and puts it in service. May take
     * long.
     */
    public void load(String name) throws Refused {
        working(name).changes.load(name);
    }

    /** Takes a model out of service, when the requests that it has are answered. May take long. */
    public void unload(String name) throws Refused {
        catalog.inService(name);
        if (repository.isEmpty()) {
            throw new Refused(Refused.Why.NOT_IMPLEMENTED, "This server serves one model only.");
        }
        working(name).changes.unload(name);
    }

    /** Loads what the process was started with. */
    public void start(Runtimes runtimes) throws LoadFailure {
        boolean one = repository.isEmpty();
        var loader =
                new Loader(runtimes, residence, nanos, threads, one && serving.probabilities());
        var exchange = new Exchange(loader, serving.batching());
        var changes = new Changes(catalog, source, loader, exchange);
        var startup = new Startup(catalog, source, residence, loader, changes);
        if (one) {
            startup.one();
        } else {
            startup.repository(repository.get());
        }
        var watch = watch(changes);
        working = new Working(loader, changes, watch);
        watch.ifPresent(Watch::start);
    }

    private Optional<Watch> watch(Changes changes) {
        var watched = repository.filter(RepositorySettings::watched);
        return watched.map(settings -> {
            var known = catalog.all().stream().flatMap(entry -> entry.seen().stream()).toList();
            return new Watch(source, known, settings.every(), changes::takeUp);
        });
    }

    /** One look at a watched repository, as is taken from time to time. */
    void look() {
        var ready = working;
        if (ready != null) {
            ready.watch.ifPresent(Watch::look);
        }
    }

    public void drain() {
        draining = true;
    }

    /** A model that still answers a request is closed with the last one. */
    @Override
    public void close() {
        draining = true;
        var ready = working;
        working = null;
        if (ready != null) {
            ready.watch.ifPresent(Watch::close);
        }
        for (var entry : catalog.all()) {
            entry.slots().forEach(Slot::drop);
        }
    }
}
