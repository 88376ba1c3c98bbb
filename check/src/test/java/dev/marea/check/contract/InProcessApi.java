package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.LocalApi;
import dev.marea.local.controllers.Controllers;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.store.Store;
import dev.marea.local.work.Time;
import dev.marea.wire.admission.InferenceServiceAdmission;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Crds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Our own API as `marea up` serves it, with its controllers, and no node. */
final class InProcessApi implements AutoCloseable {
    private static final Resource INFERENCE_SERVICE =
            new Resource(
                    "serving.kserve.io", "v1beta1", "inferenceservices", "InferenceService", true);
    private static final int WRITERS = 250;

    private final Path home;
    private final EventLoops loops;
    private final LocalApi api;
    private final Controllers controllers;

    private InProcessApi(Path home) throws IOException {
        this.home = home;
        loops = EventLoops.open(1);
        api =
                LocalApi.open(
                        new LocalApi.Settings(
                                home,
                                "127.0.0.1",
                                0,
                                Crds.all(),
                                Map.of(INFERENCE_SERVICE, new InferenceServiceAdmission(true)),
                                loops,
                                Clock.systemUTC(),
                                "contract"));
        controllers = Controllers.start(api.objects(), api.kinds(), Time.system());
        api.serve((_, _, _) -> {
            throw new UnsupportedOperationException("no pod runs here");
        });
    }

    static InProcessApi open() {
        try {
            return new InProcessApi(Files.createTempDirectory("marea-contract"));
        } catch (IOException failed) {
            throw ApiUnderTest.unusable(failed);
        }
    }

    Path kubeconfig() {
        return home.resolve("kubeconfig");
    }

    /** So many changes that the first ones are forgotten. */
    void outliveItsWindow() {
        var tasks = new ArrayList<Callable<Boolean>>();
        for (int writer = 0; writer < WRITERS; writer++) {
            var name = "busy-" + writer;
            tasks.add(() -> writeALot(name));
        }
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : writers.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        } catch (ExecutionException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            throw new AssertionError(cut);
        }
    }

    private boolean writeALot(String name) throws Refusal {
        var object =
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Json.Obj.of("name", name, "namespace", "default"));
        api.objects().create(object, "contract");
        for (int i = 0; i <= Store.WINDOW / WRITERS; i++) {
            api.objects().update(object.with("data", Json.Obj.of("n", "" + i)), "contract");
        }
        return true;
    }

    @Override
    public void close() {
        controllers.close();
        api.close();
        loops.close();
        try (var files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException failed) {
            throw ApiUnderTest.unusable(failed);
        }
    }
}
