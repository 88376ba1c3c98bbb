package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.LocalApi;
import dev.marea.local.objects.Change;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node makes of the children that an earlier one left, by a crash or in good order. */
final class AdoptionTest {
    private Fixture world;
    private Crashing first;
    private Optional<LocalNode> second = Optional.empty();

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        world = new Fixture(home);
        world.node.close();
        first = new Crashing(world.api);
        world.node =
                LocalNode.start(
                        NodeSettings.of(home), first, first, Fixture.NO_STEPS, Time.system());
    }

    @AfterEach
    void close() {
        first.crashed = true;
        second.ifPresent(LocalNode::close);
        world.close();
    }

    private void startAgain() throws Exception {
        second =
                Optional.of(
                        LocalNode.start(
                                NodeSettings.of(world.home),
                                world.objects,
                                Fixture.SHELL,
                                Fixture.NO_STEPS,
                                Time.system()));
    }

    /** The child has said which process it is; it does so within milliseconds of its start. */
    private long pidOnceRecorded(String name) {
        var pod = world.await(name, Fixture::ready);
        var file = PodDirectory.of(world.home, new Meta(pod)).pid("main", 0);
        Fixture.awaitFile(file, "\n");
        return Fixture.pid(pod);
    }

    /** An API that one node can no longer reach, and images that it can no longer start. */
    private static final class Crashing implements Objects, Images {
        private final Objects objects;
        volatile boolean crashed;

        Crashing(LocalApi api) {
            this.objects = api.objects();
        }

        @Override
        public Optional<Executable> resolve(String image) {
            return crashed ? Optional.empty() : Fixture.SHELL.resolve(image);
        }

        @Override
        public Optional<Json.Obj> get(Key key) {
            return crashed ? Optional.empty() : objects.get(key);
        }

        @Override
        public Listing list(Resource resource, String namespace) {
            return objects.list(resource, namespace);
        }

        @Override
        public Json.Obj create(Json.Obj object, String manager) throws Refusal {
            alive();
            return objects.create(object, manager);
        }

        @Override
        public Json.Obj update(Json.Obj object, String manager) throws Refusal {
            alive();
            return objects.update(object, manager);
        }

        @Override
        public Json.Obj updateStatus(Json.Obj object, String manager) throws Refusal {
            alive();
            return objects.updateStatus(object, manager);
        }

        @Override
        public void delete(Key key, Deletion how, String manager) throws Refusal {
            alive();
            objects.delete(key, how, manager);
        }

        private void alive() throws Refusal {
            if (crashed) {
                throw Refusal.notFound(Resource.POD, "crashed");
            }
        }

        @Override
        public Watch watch(Resource resource, long from, Consumer<Change> consumer, Runnable lost)
                throws Refusal {
            return objects.watch(
                    resource,
                    from,
                    change -> {
                        if (!crashed) {
                            consumer.accept(change);
                        }
                    },
                    lost);
        }

        @Override
        public Watch watch(Resource resource, long from, Consumer<Change> consumer) throws Refusal {
            return watch(resource, from, consumer, () -> {});
        }
    }

    private String log(String pod) {
        var query =
                new PodLogs.Query(
                        Optional.empty(),
                        false,
                        false,
                        false,
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty());
        var out = new ByteArrayOutputStream();
        try {
            second.orElseThrow().logs().open("default", pod, query).writeTo(out, () -> false);
        } catch (Refusal | IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aChildWhosePodIsStillThereIsAdoptedWithItsPortAndLog() throws Exception {
        world.run(
                "stays",
                "args: [-c, 'echo before; trap \"exit 0\" TERM; while :; do sleep 0.05; done'], ports: [{containerPort: 80}]");
        var before = world.await("stays", Fixture::ready);
        long pid = pidOnceRecorded("stays");

        first.crashed = true;
        startAgain();

        var after = world.await("stays", p -> Fixture.ready(p));
        assertThat(Fixture.pid(after)).isEqualTo(pid);
        assertThat(Fixture.restarts(after)).isZero();
        assertThat(after.at("metadata", "annotations"))
                .isEqualTo(before.at("metadata", "annotations"));
        Fixture.await(
                "the log",
                () -> Optional.of(log("stays")).filter("before\n"::equals),
                () -> log("stays"));
        world.delete("stays");
        world.awaitGone("stays");
        Fixture.awaitEnd(pid);
    }

    @Test
    void anAdoptedChildThatEndsIsSeenAndReplaced() throws Exception {
        world.run("dies", "args: [-c, 'exec sleep 100']");
        long pid = pidOnceRecorded("dies");
        first.crashed = true;
        startAgain();

        Signals.group(pid, Signals.KILL);

        var again = world.await("dies", p -> Fixture.restarts(p) == 1 && Fixture.ready(p));
        assertThat(Fixture.container(again).text("lastState", "terminated", "reason"))
                .contains("ContainerStatusUnknown");
        assertThat(Fixture.pid(again)).isNotEqualTo(pid);
    }

    @Test
    void aChildWhosePodIsGoneIsEnded() throws Exception {
        world.run("orphan", "args: [-c, 'exec sleep 100']");
        long pid = pidOnceRecorded("orphan");
        first.crashed = true;
        world.objects.delete(new Key(Resource.POD, "default", "orphan"), Deletion.NOW, "test");

        startAgain();

        Fixture.awaitEnd(pid);
        Fixture.await(
                "an empty directory",
                () ->
                        Optional.ofNullable(world.home.resolve("pods").toFile().list())
                                .filter(all -> all.length == 0),
                () -> "files left");
    }

    @Test
    void aPodWhoseChildDiedMeanwhileIsStartedAnew() throws Exception {
        world.run("gone", "args: [-c, 'exec sleep 100']");
        long pid = pidOnceRecorded("gone");
        first.crashed = true;
        Signals.group(pid, Signals.KILL);
        Fixture.awaitEnd(pid);

        startAgain();

        var again = world.await("gone", p -> Fixture.ready(p) && Fixture.pid(p) != pid);
        assertThat(Fixture.restarts(again)).isEqualTo(1);
        assertThat(Fixture.container(again).text("lastState", "terminated", "reason"))
                .contains("ContainerStatusUnknown");
    }

    @Test
    void aCleanEndTakesAllChildrenAlongAndTheNextStartBringsThemBack() throws Exception {
        world.run("a", "args: [-c, 'exec sleep 100']");
        world.run("b", "args: [-c, 'exec sleep 100']");
        long a = Fixture.pid(world.await("a", Fixture::ready));
        long b = Fixture.pid(world.await("b", Fixture::ready));

        world.node.close();

        Fixture.awaitEnd(a);
        Fixture.awaitEnd(b);
        var node = world.objects.get(new Key(Resource.NODE, "", "marea-local")).orElseThrow();
        assertThat(node.list("status", "conditions"))
                .anyMatch(c -> c.text("reason").orElse("").equals("NodeStopped"));
        startAgain();
        world.await("a", p -> Fixture.ready(p) && Fixture.pid(p) != a);
        world.await("b", p -> Fixture.ready(p) && Fixture.pid(p) != b);
    }
}
