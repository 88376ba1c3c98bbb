package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Resource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalNodeTest {
    private Fixture world;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        world = new Fixture(home);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private String log(String pod) throws Exception {
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
        world.node.logs().open("default", pod, query).writeTo(out, () -> false);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void awaitLog(String pod, String text) {
        Fixture.await(
                "log of " + pod,
                () -> {
                    try {
                        return Optional.of(log(pod)).filter(all -> all.contains(text));
                    } catch (Exception early) {
                        return Optional.empty();
                    }
                },
                () -> text);
    }

    @Test
    void aPodBecomesAProcessAndIsRemovedWithIt() throws Exception {
        world.apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: one, namespace: default}
                spec:
                  containers:
                  - name: main
                    image: sh
                    args: [-c, "echo hello $MY_POD on $(PORT); exec sleep 100"]
                    env:
                    - {name: MY_POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    ports: [{containerPort: 8080}]
                """);

        var pod = world.await("one", Fixture::ready);

        assertThat(pod.text("spec", "nodeName")).contains("marea-local");
        assertThat(pod.text("status", "phase")).contains("Running");
        assertThat(pod.text("status", "podIP")).contains("127.0.0.1");
        var ports =
                PortMap.read(pod.text("metadata", "annotations", PortMap.ANNOTATION).orElseThrow());
        awaitLog("one", "hello one on " + ports.of(8080));
        long pid = Fixture.pid(pod);
        assertThat(ProcessHandle.of(pid)).isPresent();

        world.objects.delete(new Key(Resource.POD, "default", "one"), "test");

        world.awaitGone("one");
        assertThat(Fixture.alive(pid)).isFalse();
        try (var left = Files.list(world.home.resolve("pods"))) {
            assertThat(left).isEmpty();
        }
        world.awaitEvent("Scheduled: Successfully assigned default/one to marea-local");
        world.awaitEvent("Started: Started container main");
        world.awaitEvent("Killing: Stopping container main");
    }
}
