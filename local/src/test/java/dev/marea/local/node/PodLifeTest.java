package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.work.MovedTime;
import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a pod from its admission to its end, with real processes. */
final class PodLifeTest {
    @TempDir Path home;

    @Test
    void aContainerThatKeepsEndingWaitsLongerEachTime() throws Exception {
        var time = new MovedTime();
        try (var world = new Fixture(home, time, Fixture.NO_STEPS, 1L << 30)) {
            world.run("crash", "args: [-c, 'echo because >$TERMINATION_LOG; exit 3']");

            var pod = world.await("crash", p -> Fixture.waiting(p).equals("CrashLoopBackOff"));

            assertThat(Fixture.restarts(pod)).isEqualTo(1);
            var last = Fixture.container(pod).object("lastState", "terminated");
            assertThat(last.integer("exitCode")).hasValue(3);
            assertThat(last.text("reason")).contains("Error");
            assertThat(last.text("message")).contains("because\n");
            assertThat(pod.text("status", "phase")).contains("Running");

            time.move(Duration.ofSeconds(9));
            time.move(Duration.ofSeconds(1));
            world.await(
                    "crash",
                    p -> Fixture.restarts(p) == 2 && Fixture.waiting(p).equals("CrashLoopBackOff"));
            world.awaitEvent(
                    "BackOff: Back-off restarting failed container main in pod crash_default(");
        }
    }

    @Test
    void thePolicyDecidesWhetherAnEndIsTheEnd() throws Exception {
        try (var world = new Fixture(home)) {
            world.run("well", "args: [-c, 'exit 0']", "restartPolicy: OnFailure");
            world.run(
                    "ill",
                    "args: [-c, 'echo words; exit 7'], terminationMessagePolicy: FallbackToLogsOnError",
                    "restartPolicy: Never");

            world.await("well", p -> p.text("status", "phase").orElse("").equals("Succeeded"));
            var ill =
                    world.await("ill", p -> p.text("status", "phase").orElse("").equals("Failed"));

            assertThat(Fixture.container(ill).text("state", "terminated", "message"))
                    .contains("words\n");
            assertThat(Fixture.condition(ill, "Ready").flatMap(c -> c.text("reason")))
                    .contains("PodFailed");
        }
    }

    @Test
    void theWholeTreeOfAContainerEndsAndTermComesFirst() throws Exception {
        try (var world = new Fixture(home)) {
            var said = world.shared().resolve("said");
            world.run(
                    "tree",
                    """
                    args: [-c, "trap 'echo bye >>%s; exit 0' TERM; sleep 200 & echo $! >%s; while :; do sleep 0.05; done"]
                    """
                            .formatted(said, said)
                            .strip());
            world.await("tree", Fixture::ready);
            Fixture.awaitFile(said, "\n");
            long grandchild = Long.parseLong(Files.readString(said).strip());

            world.delete("tree");
            world.awaitGone("tree");

            assertThat(Files.readString(said)).endsWith("bye\n");
            Fixture.awaitEnd(grandchild);
        }
    }

    @Test
    void whoDoesNotListenIsKilledAfterTheGrace() throws Exception {
        var time = new MovedTime();
        try (var world = new Fixture(home, time, Fixture.NO_STEPS, 1L << 30)) {
            var deaf = world.shared().resolve("deaf");
            world.run(
                    "deaf",
                    "args: [-c, \"trap '' TERM; echo yes >%s; while :; do sleep 0.05; done\"]"
                            .formatted(deaf),
                    "terminationGracePeriodSeconds: 60");
            long pid = Fixture.pid(world.await("deaf", Fixture::ready));
            Fixture.awaitFile(deaf, "yes");

            world.delete("deaf");
            world.await("deaf", p -> !Fixture.ready(p)); // first of all
            assertThat(Fixture.alive(pid)).isTrue();
            var begin = time.now();
            Fixture.await(
                    "the end",
                    () -> {
                        time.move(Duration.ofSeconds(1));
                        return world.pod("deaf").isEmpty() ? Optional.of(true) : Optional.empty();
                    },
                    () -> world.pod("deaf").toString());

            assertThat(Duration.between(begin, time.now()))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(60));
            assertThat(Fixture.alive(pid)).isFalse();
        }
    }

    @Test
    void aHookRunsBeforeTheSignal() throws Exception {
        try (var world = new Fixture(home)) {
            var said = world.shared().resolve("said");
            world.run(
                    "hooked",
                    """
                    args: [-c, "trap 'echo term >>%s; exit 0' TERM; echo up >>%s; while :; do sleep 0.05; done"],
                    lifecycle: {preStop: {exec: {command: [sh, -c, "echo hook >>%s"]}}}
                    """
                            .formatted(said, said, said)
                            .strip());
            world.await("hooked", Fixture::ready);
            Fixture.awaitFile(said, "up");

            world.delete("hooked");
            world.awaitGone("hooked");

            assertThat(Files.readString(said)).isEqualTo("up\nhook\nterm\n");
        }
    }

    @Test
    void aPodWithoutRoomWaitsUntilThereIs() throws Exception {
        try (var world = new Fixture(home, Time.system(), Fixture.NO_STEPS, 100L << 20)) {
            var big = "args: [-c, 'exec sleep 100'], resources: {requests: {memory: 60Mi}}";
            world.run("first", big);
            world.await("first", Fixture::ready);
            world.run("second", big);

            var waits =
                    world.await("second", p -> Fixture.condition(p, "PodScheduled").isPresent());
            var why = Fixture.condition(waits, "PodScheduled").orElseThrow();
            assertThat(why.text("reason")).contains("Unschedulable");
            assertThat(why.text("message"))
                    .contains(
                            "0/1 nodes are available: 1 Insufficient memory (need 60Mi, have 40Mi free of 100Mi).");
            assertThat(waits.text("status", "phase")).contains("Pending");

            world.delete("first");
            world.await("second", Fixture::ready);
        }
    }

    @Test
    void anImageWithoutACommandSaysWhatToDoAndDoesNotCrash() throws Exception {
        try (var world = new Fixture(home)) {
            world.apply(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: foreign, namespace: default}
                    spec: {containers: [{name: main, image: "docker.io/some/thing:1"}]}
                    """);

            var pod =
                    world.await(
                            "foreign",
                            p ->
                                    !Fixture.waiting(p).isEmpty()
                                            && !Fixture.waiting(p).equals("ContainerCreating"));

            assertThat(Fixture.waiting(pod)).isEqualTo("ImageNotRunnable");
            assertThat(Fixture.container(pod).text("state", "waiting", "message").orElseThrow())
                    .contains("docker.io/some/thing:1", "config.yaml", "images:");
            assertThat(Fixture.restarts(pod)).isZero();
        }
    }

    @Test
    void aProgramThatIsNotThereIsNamed() throws Exception {
        try (var world = new Fixture(home)) {
            world.run("lost", "command: [no-such-program]");

            var pod = world.await("lost", p -> Fixture.waiting(p).equals("RunContainerError"));

            assertThat(Fixture.container(pod).text("state", "waiting", "message").orElseThrow())
                    .startsWith("exec: \"no-such-program\": executable file not found in PATH");
        }
    }

    @Test
    void stepsRunHereInOrderBeforeTheContainers() throws Exception {
        var steps =
                new Steps() {
                    @Override
                    public boolean runs(String image, List<String> args) {
                        return image.equals("marea:test");
                    }

                    @Override
                    public void run(Task task, Notes notes) throws IOException {
                        Files.writeString(
                                task.log(),
                                "fetching\n",
                                StandardOpenOption.APPEND,
                                StandardOpenOption.CREATE);
                        Files.writeString(Path.of(task.args().getLast(), "model"), "weights");
                        var from = Path.of(task.env().get("FROM"));
                        Files.writeString(task.message(), Files.readString(from.resolve("key")));
                    }
                };
        try (var world = new Fixture(home, Time.system(), steps, 1L << 30)) {
            world.apply(
                    """
                    {apiVersion: v1, kind: Secret, metadata: {name: store, namespace: default}, stringData: {key: opened}}
                    """);
            world.apply(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: steps, namespace: default}
                    spec:
                      volumes: [{name: model, emptyDir: {}}, {name: store, secret: {secretName: store}}]
                      initContainers:
                      - {name: fetch, image: "marea:test", args: [file, /mnt/models], env: [{name: FROM, value: /mnt/store}],
                         volumeMounts: [{name: model, mountPath: /mnt/models}, {name: store, mountPath: /mnt/store}]}
                      - {name: check, image: sh, args: [-c, 'test -f /mnt/models/model'], volumeMounts: [{name: model, mountPath: /mnt/models}]}
                      containers:
                      - {name: main, image: sh, args: [-c, 'cat /mnt/models/model; exec sleep 100'], volumeMounts: [{name: model, mountPath: /mnt/models}]}
                    """);

            var pod = world.await("steps", Fixture::ready);

            assertThat(Fixture.condition(pod, "Initialized").flatMap(c -> c.text("status")))
                    .contains("True");
            assertThat(pod.list("status", "initContainerStatuses"))
                    .extracting(c -> c.text("state", "terminated", "reason").orElse(""))
                    .containsExactly("Completed", "Completed");
            assertThat(pod.list("status", "initContainerStatuses").getFirst())
                    .as("it had a container's mounts, environment and last word")
                    .extracting(c -> c.text("state", "terminated", "message").orElse(""))
                    .isEqualTo("opened");
        }
    }

    @Test
    void aStepThatStaysIsAReadyContainerWhoseNotesStandOnThePodAndIsInterruptedWithIt()
            throws Exception {
        var interrupted = new java.util.concurrent.CompletableFuture<Void>();
        var steps =
                new Steps() {
                    @Override
                    public boolean runs(String image, List<String> args) {
                        return image.equals("marea:test");
                    }

                    @Override
                    public void run(Task task, Notes notes) throws InterruptedException {
                        notes.annotate("marea.dev/said", "hello");
                        try {
                            new java.util.concurrent.CountDownLatch(1).await();
                        } finally {
                            interrupted.complete(null);
                        }
                    }
                };
        try (var world = new Fixture(home, Time.system(), steps, 1L << 30)) {
            world.apply(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: beside, namespace: default}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                      - {name: main, image: sh, args: [-c, 'exec sleep 100']}
                      - {name: agent, image: "marea:test"}
                    """);
            var pod =
                    world.await(
                            "beside",
                            p ->
                                    Fixture.ready(p)
                                            && p.text("metadata", "annotations", "marea.dev/said")
                                                    .isPresent());
            assertThat(pod.list("status", "containerStatuses"))
                    .allMatch(container -> container.flag("ready"));

            world.delete("beside");

            interrupted.get(20, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void aFailingStepIsTheReasonThatPeopleSee() throws Exception {
        var steps =
                new Steps() {
                    @Override
                    public boolean runs(String image, List<String> args) {
                        return image.equals("marea:test");
                    }

                    @Override
                    public void run(Task task, Notes notes) throws IOException {
                        throw new IOException("no model at s3://nowhere");
                    }
                };
        try (var world = new Fixture(home, Time.system(), steps, 1L << 30)) {
            world.apply(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: failing, namespace: default}
                    spec:
                      initContainers: [{name: fetch, image: "marea:test"}]
                      containers: [{name: main, image: sh}]
                    """);

            var pod =
                    world.await(
                            "failing",
                            p ->
                                    init(p).text("state", "waiting", "reason")
                                            .orElse("")
                                            .equals("CrashLoopBackOff"));

            assertThat(init(pod).text("lastState", "terminated", "message"))
                    .contains("no model at s3://nowhere");
            assertThat(Fixture.waiting(pod)).isEqualTo("PodInitializing");
            assertThat(pod.text("status", "phase")).contains("Pending");
        }
    }

    private static Json init(Json.Obj pod) {
        return pod.list("status", "initContainerStatuses").stream()
                .findFirst()
                .orElse(Json.Obj.EMPTY);
    }

    @Test
    void childrenHaveNothingOfOurEnvironment() throws Exception {
        try (var world = new Fixture(home)) {
            var said = world.shared().resolve("env");
            world.run(
                    "bare",
                    "args: [-c, 'env >%s; exec sleep 100'], env: [{name: OWN, value: x}], ports: [{containerPort: 80}], resources: {limits: {memory: 1Mi}}"
                            .formatted(said));
            world.await("bare", Fixture::ready);
            Fixture.awaitFile(said, "OWN=x");

            var names =
                    Files.readAllLines(said).stream()
                            .map(line -> line.replaceAll("=.*", ""))
                            .toList();
            assertThat(names)
                    .contains(
                            "PATH",
                            "HOME",
                            "LANG",
                            "TMPDIR",
                            "HOSTNAME",
                            "PORT",
                            "PORT_80",
                            "OWN",
                            "MEMORY_LIMIT_BYTES",
                            "TERMINATION_LOG")
                    .doesNotContain("JAVA_HOME", "MAVEN_OPTS", "USER");
        }
    }
}
