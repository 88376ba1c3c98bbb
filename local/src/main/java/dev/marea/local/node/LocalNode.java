package dev.marea.local.node;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Edit;
import dev.marea.local.work.Events;
import dev.marea.local.work.Follow;
import dev.marea.local.work.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node of one machine: follows the pods and runs each by a {@link PodRunner}. It is started
 * once the store is, and closed before it.
 */
public final class LocalNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
    private static final int USABLE_PERCENT = 80;
    private static final long CLOSE_EXTRA_SECONDS = 3;

    private final Machine machine;
    private final NodeObject object;
    private final Claims claims;
    private final Map<String, PodRunner> runners = new ConcurrentHashMap<>();
    private final List<Follow> follows = new ArrayList<>();
    private final PodLogs podLogs;
    private volatile boolean closing;

    private LocalNode(Machine machine, Capacity capacity) {
        this.machine = machine;
        this.object =
                new NodeObject(
                        machine.objects(),
                        machine.settings(),
                        capacity,
                        machine.memory(),
                        machine.groups().enforces(),
                        machine.time());
        this.claims = new Claims(machine.edit(), machine.volumes());
        this.podLogs = new LogReader(machine.objects(), machine.settings().home());
    }

    public static LocalNode start(
            NodeSettings settings, Objects objects, Images images, Steps steps, Time time)
            throws IOException {
        Files.createDirectories(settings.home().resolve("pods"));
        var capacity = Capacity.ofThisMachine();
        long usable = settings.memoryBytes().orElse(capacity.memoryBytes() / 100 * USABLE_PERCENT);
        var downward = new Downward(settings.name(), capacity);
        var machine =
                new Machine(
                        settings,
                        objects,
                        new Edit(objects, Objects.NODE),
                        images,
                        steps,
                        time,
                        new Events(objects, time, "kubelet", settings.name()),
                        new Volumes(objects, settings.home(), downward),
                        new Environment(objects, downward),
                        new Children(time),
                        new MemoryRoom(usable),
                        new Ports(RandomGenerator.getDefault()),
                        Groups.ofThisMachine(),
                        new LogFiles(time));
        var node = new LocalNode(machine, capacity);
        node.run();
        return node;
    }

    private void run() throws IOException {
        object.beat();
        new Leftovers(machine).end();
        follows.add(Follow.all(machine.objects(), Resource.PVC, claims::observe));
        follows.add(Follow.all(machine.objects(), Resource.POD, this::observe));
        follows.add(Follow.all(machine.objects(), Resource.SECRET, this::sourceChanged));
        follows.add(Follow.all(machine.objects(), Resource.CONFIG_MAP, this::sourceChanged));
    }

    /** What containers have written, for the REST door. */
    public PodLogs logs() {
        return podLogs;
    }

    private void observe(Change change) {
        var pod = new PodSpec(change.object());
        if (!pod.nodeName().isEmpty() && !pod.nodeName().equals(machine.settings().name())) {
            return;
        }
        var uid = pod.meta().uid();
        if (change.type() == Change.Type.DELETED) {
            var runner = runners.get(uid);
            if (runner != null) {
                runner.gone();
            }
            return;
        }
        var runner = runners.get(uid);
        if (runner != null) {
            runner.observe(pod);
        } else if (!closing) {
            begin(uid, pod);
        }
    }

    private void begin(String uid, PodSpec pod) {
        var runner = new PodRunner(machine, pod);
        runners.put(uid, runner);
        var _ =
                runner.over()
                        .thenRun(() -> {
                            runners.remove(uid);
                            runners.values().forEach(PodRunner::lookAgain);
                        });
        runner.begin();
    }

    private void sourceChanged(Change change) {
        var key = change.key();
        runners.values().stream()
                .filter(runner -> Volumes.watches(runner.spec(), key))
                .forEach(PodRunner::refresh);
    }

    /** Ends every child, all at once, within the grace that settings allow. */
    @Override
    public void close() {
        closing = true;
        var ends =
                runners.values().stream()
                        .map(runner -> runner.stop(machine.settings().shutdownGraceMax()))
                        .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends)
                    .get(
                            machine.settings().shutdownGraceMax().toSeconds() + CLOSE_EXTRA_SECONDS,
                            TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            LOG.warn("some children are still ending; the next start ends them");
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        object.end();
        machine.logs().close();
        follows.forEach(Follow::close);
    }
}
