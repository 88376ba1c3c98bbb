package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumesTest {
    private Fixture world;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        world = new Fixture(home);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Path volume(Json.Obj pod, String name) {
        return PodDirectory.of(world.home, new Meta(pod)).volumes().resolve(name);
    }

    @Test
    void theDirectoryOfAStepsSecretsHoldsThemSideBySide() throws Exception {
        world.apply(
                "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default}, stringData: {key: hidden}}");
        world.run(
                "gathered",
                "args: [-c, 'cat $ALL/one/key $ALL/two/key > $ALL/../seen; exec sleep 100'], env: [{name: ALL, value: /mnt/marea/secrets}], volumeMounts: [{name: a, mountPath: /mnt/marea/secrets/one}, {name: b, mountPath: /mnt/marea/secrets/two}]",
                "volumes: [{name: a, secret: {secretName: s}}, {name: b, secret: {secretName: s}}]");
        var pod = world.await("gathered", Fixture::ready);
        Fixture.awaitFile(volume(pod, "seen"), "hiddenhidden");
    }

    @Test
    void filesFollowTheirConfigMapAtOnce() throws Exception {
        world.apply(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: default}, data: {a: old, b: x}}");
        world.apply(
                "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default}, stringData: {key: hidden}}");
        world.run(
                "files",
                "args: [-c, 'cat /etc/c/a /etc/s/deep/key; exec sleep 100'], volumeMounts: [{name: c, mountPath: /etc/c}, {name: s, mountPath: /etc/s}]",
                "volumes: [{name: c, configMap: {name: c}}, {name: s, secret: {secretName: s, items: [{key: key, path: deep/key}]}}]");
        var pod = world.await("files", Fixture::ready);
        var secret = volume(pod, "s").resolve("deep/key");
        assertThat(secret).hasContent("hidden");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(secret.toRealPath())))
                .isEqualTo("rw-------");

        world.objects.update(
                world.objects
                        .get(new Key(Resource.CONFIG_MAP, "default", "c"))
                        .orElseThrow()
                        .with("data", Json.Obj.of("a", "new")),
                "test");

        Fixture.awaitFile(volume(pod, "c").resolve("a"), "new");
        Fixture.await(
                "b to go",
                () ->
                        Files.exists(volume(pod, "c").resolve("b"))
                                ? Optional.empty()
                                : Optional.of(1),
                () -> "still there");
    }

    @Test
    void aHostPathIsThePlaceItselfBeItAFile() throws Exception {
        var file = Files.writeString(world.shared().resolve("model.bin"), "weights");
        var copy = world.shared().resolve("copy");
        world.run(
                "host",
                "args: [-c, 'cp /mnt/models/model.bin %s; exec sleep 100'], volumeMounts: [{name: h, mountPath: /mnt/models/model.bin}]"
                        .formatted(copy),
                "volumes: [{name: h, hostPath: {path: %s, type: File}}]".formatted(file));

        Fixture.awaitFile(copy, "weights");
        world.delete("host");
        world.awaitGone("host");
        assertThat(file).exists();
    }

    @Test
    void aMissingClaimIsSaidAndAwaited() throws Exception {
        world.run(
                "claims",
                "args: [-c, 'echo kept >/data/out; exec sleep 100'], volumeMounts: [{name: d, mountPath: /data, subPath: sub}]",
                "volumes: [{name: d, persistentVolumeClaim: {claimName: store}}]");
        world.await(
                "claims",
                p ->
                        Fixture.condition(p, "Ready")
                                .flatMap(c -> c.text("message"))
                                .orElse("")
                                .equals(
                                        "persistentvolumeclaim \"store\" not found in namespace \"default\""));

        world.apply(
                """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: store, namespace: default}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """);

        Fixture.awaitFile(world.home.resolve("volumes/default/store/sub/out"), "kept");
        world.delete("claims");
        world.awaitGone("claims");
        assertThat(world.home.resolve("volumes/default/store/sub/out")).exists();
        assertThat(
                        world.objects
                                .get(new Key(Resource.PVC, "default", "store"))
                                .orElseThrow()
                                .text("status", "phase"))
                .contains("Bound");
    }

    @Test
    void aPathThatWouldLeaveTheVolumeIsRefused() throws Exception {
        world.run(
                "escape",
                "volumeMounts: [{name: d, mountPath: /data, subPath: ../../other}]",
                "volumes: [{name: d, emptyDir: {}}]");

        var pod =
                world.await("escape", p -> Fixture.waiting(p).equals("CreateContainerConfigError"));

        assertThat(Fixture.container(pod).text("state", "waiting", "message"))
                .contains("subPath must be a relative path without \"..\", was \"../../other\"");
    }

    @Test
    void aKindOfVolumeThatIsNotHereIsNamed() throws Exception {
        world.run("nfs", "args: [-c, x]", "volumes: [{name: n, nfs: {server: a, path: /}}]");

        world.await(
                "nfs",
                p ->
                        Fixture.condition(p, "Ready")
                                .flatMap(c -> c.text("message"))
                                .orElse("")
                                .startsWith(
                                        "volume n is of a kind that this machine does not have"));
        world.awaitEvent("FailedMount: volume n is of a kind that this machine does not have");
    }
}
