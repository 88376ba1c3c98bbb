package dev.marea.storage.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    @TempDir Path root;
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void aSecretIsADirectoryAndItsAnnotationsAreTold() throws Exception {
        secret("store", "AWS_ACCESS_KEY_ID", "AKIA");
        Files.createDirectories(root.resolve("store/..data"));
        environment.put(
                FetchTerms.TOLD,
                "{\"secrets\": {\"store\": {\"serving.kserve.io/s3-region\": \"eu-west-1\"}}, \"account\": {}}");

        var source = read().secrets().getFirst();

        assertThat(source.name()).isEqualTo("Secret store");
        assertThat(source.first("AWS_ACCESS_KEY_ID").orElseThrow().reveal()).isEqualTo("AKIA");
        assertThat(source.setting("serving.kserve.io/s3-region")).contains("eu-west-1");
        assertThat(source.administrators()).isFalse();
    }

    @Test
    void secretsMayLieInSeveralPlaces() throws Exception {
        secret("volume-1", "HF_TOKEN", "one");
        secret("volume-2", "minio", "{\"type\": \"gs\", \"bucket\": \"models\"}");
        var access =
                Access.read(
                        Map.of(
                                FetchTerms.SECRETS,
                                "hub=%s,storage-config=%s,gone=%s"
                                        .formatted(
                                                root.resolve("volume-1"),
                                                root.resolve("volume-2"),
                                                root.resolve("gone")),
                                FetchTerms.KEY,
                                "absent,minio"));
        assertThat(access.first("HF_TOKEN").orElseThrow().place())
                .isEqualTo("key HF_TOKEN of Secret hub");
        assertThat(access.resolve("storage-config://minio/iris")).isEqualTo("gs://models/iris");
    }

    @Test
    void nothingThatIsPrintedShowsASecret() throws Exception {
        secret("store", "HF_TOKEN", "hf_hidden");
        secret(
                "storage-config",
                "minio",
                "{\"type\": \"s3\", \"secret_access_key\": \"hf_hidden\"}");
        environment.put(FetchTerms.KEY, "minio");
        environment.put("AWS_SECRET_ACCESS_KEY", "hf_hidden");

        var access = read();

        assertThat(access.toString())
                .doesNotContain("hf_hidden")
                .contains("key HF_TOKEN of Secret store");
        assertThat(access.advice("HF_TOKEN")).contains("Secret store").doesNotContain("hf_hidden");
    }

    @Test
    void aStorageSpecCompletesTheUriAndComesBeforeEverySecret() throws Exception {
        secret("store", "access_key_id", "other");
        secret(
                "storage-config",
                "minio",
                "{\"type\": \"s3\", \"bucket\": \"models\", \"access_key_id\": \"own\"}");
        environment.put(FetchTerms.KEY, "minio");

        var access = read();

        assertThat(access.resolve("storage-config://minio/iris/1")).isEqualTo("s3://models/iris/1");
        assertThat(access.resolve("gs://b/p")).isEqualTo("gs://b/p");
        assertThat(access.first("access_key_id").orElseThrow().reveal()).isEqualTo("own");
    }

    @Test
    void parametersGoOverTheEntry() throws Exception {
        secret("storage-config", "minio", "{\"type\": \"s3\", \"bucket\": \"models\"}");
        environment.put(FetchTerms.KEY, "minio");
        environment.put(FetchTerms.PARAMETERS, "{\"bucket\": \"others\"}");
        assertThat(read().resolve("storage-config://minio/iris")).isEqualTo("s3://others/iris");
    }

    @Test
    void anEntryThatIsNoJsonIsNamedAndNotQuoted() {
        assertThatThrownBy(
                        () -> {
                            secret("storage-config", "minio", "{hf_hidden");
                            environment.put(FetchTerms.KEY, "minio");
                            read();
                        })
                .hasMessageContaining("key minio")
                .hasMessageNotContaining("hf_hidden")
                .hasNoCause();
    }

    @Test
    void aKeyThatIsNotThereIsToldWithThoseThatAre() throws Exception {
        secret("storage-config", "minio", "{}");
        environment.put(FetchTerms.KEY, "mino");
        assertThatThrownBy(this::read)
                .hasMessageContaining("no key mino")
                .hasMessageContaining("minio");
    }

    @Test
    void aTypeOrBucketThatIsMissingIsNamed() throws Exception {
        secret("storage-config", "minio", "{\"type\": \"s3\"}");
        environment.put(FetchTerms.KEY, "minio");
        var access = read();
        assertThatThrownBy(() -> access.resolve("storage-config://minio/iris"))
                .hasMessageContaining("no \"bucket\"")
                .hasMessageContaining("storage.parameters");
    }

    @Test
    void whatIsTooLargeForASecretIsRefused() throws Exception {
        secret("store", "big", "x".repeat((1 << 20) + 1));
        assertThatThrownBy(this::read).hasMessageContaining("big");
    }

    private Access read() throws IOException {
        environment.put(FetchTerms.SECRETS, root.toString());
        return Access.read(environment);
    }

    private void secret(String name, String key, String value) throws IOException {
        Files.writeString(Files.createDirectories(root.resolve(name)).resolve(key), value);
    }
}
