package dev.marea.storage.stores.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.store.Unpack.Compression;
import dev.marea.storage.stores.Canned;
import dev.marea.storage.stores.Canned.Said;
import dev.marea.storage.stores.Secretly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OciTest {
    private static final String HEX =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path root;

    @ParameterizedTest
    @CsvSource({
        "ghcr.io/acme/iris:1, ghcr.io/acme/iris:1",
        "ghcr.io/acme/iris, ghcr.io/acme/iris:latest",
        "localhost:5000/iris:1, localhost:5000/iris:1",
        "acme/iris:1, registry-1.docker.io/acme/iris:1",
        "docker.io/iris, registry-1.docker.io/iris:latest",
        "iris, registry-1.docker.io/library/iris:latest"
    })
    void readsReferencesAsDockerDoes(String text, String reference) {
        assertThat(Reference.read(text)).map(Reference::toString).contains(reference);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ghcr.io/",
                "ghcr.io/Acme/iris",
                "ghcr.io/acme/iris:a b",
                "ghcr.io/acme/../x",
                "ghcr.io/acme/iris@sha256:1",
                "a@b@c"
            })
    void refusesWhatIsNoReference(String text) {
        assertThat(Reference.read(text)).isEmpty();
    }

    @Test
    void readsWhatARegistryWants() {
        var challenge =
                Challenge.read(
                        "Bearer realm=\"https://auth.example.com/token\",service=\"reg\",scope=\"a:b:pull,push\"");
        assertThat(challenge.scheme()).isEqualTo("bearer");
        assertThat(challenge.parameter("realm")).isEqualTo("https://auth.example.com/token");
        assertThat(challenge.parameter("scope")).isEqualTo("a:b:pull,push");
    }

    @Test
    void aLoginIsFoundUnderItsRegistryAndNeverShown() throws Exception {
        var config =
                "{\"auths\": {\"https://index.docker.io/v1/\": {\"auth\": \"YWRhOmhpZGRlbg==\"}, \"ghcr.io\": {\"username\": \"bob\", \"password\": \"hidden\"}}}";
        var access = Secretly.access(root, Map.of(), Map.of(".dockerconfigjson", config), Map.of());
        assertThat(Login.of("registry-1.docker.io", access).orElseThrow().user()).isEqualTo("ada");
        assertThat(Login.of("ghcr.io", access).orElseThrow().toString())
                .contains("bob", "Secret let-in")
                .doesNotContain("hidden");
        assertThat(Login.of("quay.io", access)).isEmpty();
    }

    @Test
    void aTagIsPinnedToItsDigestThroughAnIndex() throws Exception {
        var manifest =
                "{\"config\": {\"mediaType\": \"application/vnd.oci.image.config.v1+json\"}, \"layers\": ["
                        + layer("application/vnd.oci.image.layer.v1.tar+gzip")
                        + ","
                        + layer("application/vnd.oci.image.layer.v1.tar+zstd")
                        + ","
                        + layer("application/vnd.oci.image.layer.v1.tar")
                        + "]}";
        var digest = Manifests.digest(manifest.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var index =
                "{\"manifests\": [{\"digest\": \"sha256:%s\", \"platform\": {\"architecture\": \"unknown\"}}, {\"digest\": \"%s\", \"platform\": {\"architecture\": \"amd64\"}}]}"
                        .formatted(HEX, digest);
        var http =
                new Canned(request ->
                        switch (request.uri().getPath()) {
                            case "/v2/" -> Said.of(200, "{}");
                            case "/v2/acme/iris/manifests/1" -> Said.of(200, index);
                            default ->
                                    request.uri().getPath().endsWith(digest)
                                            ? Said.of(200, manifest)
                                            : Said.of(404, "{}");
                        });
        var listing =
                new OciStore().list(new StoreUri("oci://ghcr.io/acme/iris:1"), Access.NONE, http);
        var pinned = Manifests.digest(index.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(listing.pinned()).isEqualTo("oci://ghcr.io/acme/iris@" + pinned);
        assertThat(listing.files())
                .extracting(file -> (Object) file.unpack())
                .containsExactly(
                        new Unpack.Layer(Compression.GZIP, "models"),
                        new Unpack.Layer(Compression.ZSTD, "models"),
                        new Unpack.Layer(Compression.NONE, "models"));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void theSameFilesMakeTheSameLayerWhateverTheirTimes(Compression compression) throws Exception {
        var first = model("first", 1_000);
        var second = model("second", 9_000_000);
        assertThat(pack(first, compression)).isEqualTo(pack(second, compression));
    }

    private String pack(Path model, Compression compression) throws Exception {
        var file = root.resolve("layer.tar");
        var layer = LayerFile.pack(PushedTree.of(model).layers().getFirst(), compression, file);
        return layer.digest() + layer.diffId();
    }

    private Path model(String name, long time) throws Exception {
        var directory = Files.createDirectories(root.resolve(name + "/sub"));
        for (var file :
                java.util.List.of(root.resolve(name + "/b.bin"), directory.resolve("a.txt"))) {
            Files.writeString(file, "content of " + file.getFileName());
            Files.setLastModifiedTime(file, FileTime.fromMillis(time));
        }
        return root.resolve(name);
    }

    private static String layer(String type) {
        return "{\"mediaType\": \"%s\", \"digest\": \"sha256:%s\", \"size\": 3}"
                .formatted(type, HEX);
    }
}
