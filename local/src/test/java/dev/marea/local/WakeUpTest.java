package dev.marea.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.api.Catalog;
import dev.marea.local.controllers.Controllers;
import dev.marea.local.node.Images;
import dev.marea.local.node.LocalNode;
import dev.marea.local.node.NodeSettings;
import dev.marea.local.node.Steps;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Time;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All of the room together, over a real file: from a replica count to a running process. */
final class WakeUpTest {
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long QUICK_NANOS = 150_000_000;
    private static final int ROUNDS_MAX = 40;

    @Test
    void aDeploymentThatLeavesZeroHasItsProcessAtOnce(@TempDir Path home) throws Exception {
        try (var loops = EventLoops.open(1);
                var api =
                        LocalApi.open(
                                new LocalApi.Settings(
                                        home,
                                        "127.0.0.1",
                                        0,
                                        List.of(),
                                        Map.of(),
                                        loops,
                                        Clock.systemUTC(),
                                        "test"));
                var _ =
                        Controllers.start(
                                api.objects(), Catalog.of(List.of()).resources(), Time.system());
                var _ =
                        LocalNode.start(
                                NodeSettings.of(home),
                                api.objects(),
                                new Shell(),
                                new NoSteps(),
                                Time.system())) {
            var started = home.resolve("started");
            api.objects().create(deployment(started), "test");
            long best = Long.MAX_VALUE;
            // one quick round shows that nothing of ours waits: this machine may be busy with
            // others
            for (int round = 0; round < ROUNDS_MAX && best >= QUICK_NANOS; round++) {
                best = Math.min(best, wake(api, started));
            }

            assertThat(best)
                    .as("nanoseconds from the count to the command")
                    .isLessThan(QUICK_NANOS);
        }
    }

    private static long wake(LocalApi api, Path started) throws Exception {
        long begin = System.nanoTime();
        scale(api, 1);
        await(() -> Files.exists(started));
        long took = System.nanoTime() - begin;
        scale(api, 0);
        await(() -> api.objects().list(Resource.POD, "default").items().isEmpty());
        Files.delete(started);
        return took;
    }

    private static void scale(LocalApi api, int replicas) throws Refusal {
        var key = new Key(Resource.DEPLOYMENT, "default", "zero");
        api.objects()
                .update(
                        api.objects()
                                .get(key)
                                .orElseThrow()
                                .withAt(List.of("spec", "replicas"), Json.of(replicas))
                                .withoutAt(List.of("metadata", "resourceVersion")),
                        "test");
    }

    private static void await(BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(200_000);
        }
    }

    private static Json.Obj deployment(Path started) throws Exception {
        return (Json.Obj)
                Yaml.read(
                                """
                                apiVersion: apps/v1
                                kind: Deployment
                                metadata: {name: zero, namespace: default}
                                spec:
                                  replicas: 0
                                  selector: {matchLabels: {app: zero}}
                                  template:
                                    metadata: {labels: {app: zero}}
                                    spec:
                                      containers:
                                      - {name: main, image: sh, args: [-c, "echo yes >%s; exec sleep 100"]}
                                """
                                        .formatted(started))
                        .getFirst();
    }

    private static final class Shell implements Images {
        @Override
        public Optional<Executable> resolve(String image) {
            return Optional.of(new Executable(List.of("/bin/sh"), List.of(), Map.of(), false));
        }
    }

    private static final class NoSteps implements Steps {
        @Override
        public boolean runs(String image, List<String> args) {
            return false;
        }

        @Override
        public void run(Task task, Notes notes) {
            throw new AssertionError("no step was expected");
        }
    }
}
