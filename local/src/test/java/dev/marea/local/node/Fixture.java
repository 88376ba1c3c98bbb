package dev.marea.local.node;

import static org.assertj.core.api.Assertions.fail;

import dev.marea.local.LocalApi;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A node over an empty API, and a way to wait for what it does. */
final class Fixture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Steps NO_STEPS =
            new Steps() {
                @Override
                public boolean runs(String image, List<String> args) {
                    return false;
                }

                @Override
                public void run(Task task, Notes notes) {
                    throw new AssertionError("no step was expected");
                }
            };

    /** Every image that begins with "sh" is this machine's shell. */
    static final Images SHELL =
            image ->
                    image.startsWith("sh")
                            ? Optional.of(
                                    new Images.Executable(
                                            List.of("/bin/sh"), List.of(), Map.of(), false))
                            : Optional.empty();

    final Path home;
    final LocalApi api = LocalApi.inMemory(List.of(), Map.of(), Clock.systemUTC());
    final Objects objects = api.objects();
    final Time time;
    LocalNode node;

    Fixture(Path home) throws IOException {
        this(home, Time.system(), NO_STEPS, 1L << 30);
    }

    Fixture(Path home, Time time, Steps steps, long memoryBytes) throws IOException {
        this.home = home;
        this.time = time;
        this.node = start(steps, memoryBytes);
    }

    private LocalNode start(Steps steps, long memoryBytes) throws IOException {
        return LocalNode.start(
                NodeSettings.of(home).withMemoryBytes(memoryBytes), objects, SHELL, steps, time);
    }

    Json.Obj apply(String yaml) throws Refusal {
        try {
            return objects.create((Json.Obj) Yaml.read(yaml).getFirst(), "test");
        } catch (JsonReader.MalformedJson bad) {
            throw new AssertionError(bad);
        }
    }

    /** A pod with one container, given by its fields in YAML's short form. */
    Json.Obj run(String name, String container) throws Refusal {
        return run(name, container, "");
    }

    Json.Obj run(String name, String container, String podFields) throws Refusal {
        return apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default}
                spec: {%s containers: [{name: main, image: sh, %s}]}
                """
                        .formatted(name, podFields.isEmpty() ? "" : podFields + ",", container));
    }

    void delete(String name) throws Refusal {
        objects.delete(new Key(Resource.POD, "default", name), "test");
    }

    void awaitGone(String name) {
        await(
                "the end of " + name,
                () -> pod(name).isEmpty() ? Optional.of(true) : Optional.empty(),
                () -> pod(name).toString());
    }

    /** A directory of the test that pods may write to and find by its own path. */
    Path shared() throws IOException {
        return Files.createDirectories(home.resolve("shared"));
    }

    static void awaitFile(Path file, String text) {
        await(
                file + " with " + text,
                () -> read(file).filter(all -> all.contains(text)),
                () -> read(file).toString());
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    static String waiting(Json.Obj pod) {
        return container(pod).text("state", "waiting", "reason").orElse("");
    }

    static long restarts(Json.Obj pod) {
        return container(pod).integer("restartCount").orElse(0);
    }

    static long pid(Json.Obj pod) {
        return Long.parseLong(
                container(pod).text("containerID").orElseThrow().substring("marea://".length()));
    }

    /** A zombie that nobody has reaped yet is dead. */
    static boolean alive(long pid) {
        var stat = read(Path.of("/proc", String.valueOf(pid), "stat"));
        return stat.filter(line -> !line.substring(line.lastIndexOf(')')).startsWith(") Z"))
                .isPresent();
    }

    static void awaitEnd(long pid) {
        await(
                "the end of process " + pid,
                () -> alive(pid) ? Optional.empty() : Optional.of(pid),
                () -> "alive");
    }

    Optional<Json.Obj> pod(String name) {
        return objects.get(new Key(Resource.POD, "default", name));
    }

    /** The pod, once it is like this. */
    Json.Obj await(String name, Predicate<Json.Obj> like) {
        return await("pod " + name, () -> pod(name).filter(like), () -> pod(name).toString());
    }

    static <T> T await(String what, Supplier<Optional<T>> look, Supplier<String> now) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(2_000_000);
        }
        return fail(what + " did not come: " + now.get());
    }

    static boolean ready(Json.Obj pod) {
        return condition(pod, "Ready").flatMap(c -> c.text("status")).orElse("").equals("True");
    }

    static Optional<Json> condition(Json.Obj pod, String type) {
        return pod.list("status", "conditions").stream()
                .filter(c -> c.text("type").orElse("").equals(type))
                .findFirst();
    }

    static Json container(Json.Obj pod) {
        return pod.list("status", "containerStatuses").stream().findFirst().orElse(Json.Obj.EMPTY);
    }

    /** Events are written beside what they tell of, so one must be waited for. */
    void awaitEvent(String beginning) {
        await(
                "the event " + beginning,
                () -> events().stream().filter(e -> e.startsWith(beginning)).findFirst(),
                () -> events().toString());
    }

    List<String> events() {
        return objects.list(Resource.EVENT, "default").items().stream()
                .map(e -> e.text("reason").orElse("") + ": " + e.text("message").orElse(""))
                .toList();
    }

    @Override
    public void close() {
        node.close();
        api.close();
    }
}
