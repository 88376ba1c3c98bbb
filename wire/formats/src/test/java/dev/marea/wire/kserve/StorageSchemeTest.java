package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageSchemeTest {
    @ParameterizedTest
    @CsvSource({
        "/models/iris, PATH",
        "file:///models/iris, FILE",
        "pvc://claim, PVC",
        "pvc://claim/a/b, PVC",
        "https://host/model.joblib, HTTPS",
        "http://127.0.0.1:8000/m, HTTP",
        "HTTPS://host/m, HTTPS",
        "https://host/a..b/m, HTTPS",
        "s3://bucket/p, S3",
        "s3://bucket, S3",
        "s3://bucket/a@b/c d, S3",
        "gs://bucket_1.x/p, GCS",
        "hf://org/model, HUB",
        "hf://org/model:main, HUB",
        "hf://org/model:refs/pr/1, HUB",
        "webhdfs://namenode:9870/p, WEBHDFS",
        "oci://img:1, OCI",
        "oci://registry.example:5000/team/iris@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, OCI",
        "oci+fetch://img, OCI",
        "oci+native://img, OCI_IMAGE",
        "models:/iris@champion, MLFLOW",
        "models:/iris/3, MLFLOW",
        "https://acct.blob.core.windows.net/c/p, AZURE_BLOB",
        "https://acct.z6.blob.storage.azure.net/c/p, AZURE_BLOB",
        "https://acct.file.core.windows.net/s/p, AZURE_FILE"
    })
    void serves(String uri, StorageScheme.Source source) {
        assertThat(StorageScheme.of(uri)).isEqualTo(new StorageScheme.Served(source));
    }

    @ParameterizedTest
    @CsvSource({
        "hdfs://h/p, hdfs://",
        "modelscope://o/m, modelscope://",
        "wasbs://c/p, wasbs://",
        "https://host/org/repo.git, a git repository"
    })
    void knowsWhatItDoesNotServeYet(String uri, String scheme) {
        assertThat(StorageScheme.of(uri)).isEqualTo(new StorageScheme.KnownNotServed(scheme));
    }

    @ParameterizedTest
    @CsvSource({
        "unix:/run/docker.sock, no scheme",
        "jar:file:/x!/y, no scheme",
        "models/iris, no scheme",
        "pvc://../x, '\"..\"'",
        "pvc://claim/../../etc, '\"..\"'",
        "pvc://claim/%2e%2E/etc, '\"..\"'",
        "pvc://claim/..%2fetc, '\"..\"'",
        "'pvc://claim/..\\etc', '\"..\"'",
        "/models/../etc, '\"..\"'",
        "file:///models/../etc/shadow, '\"..\"'",
        "file://models/iris, three slashes",
        "pvc://, name of a PersistentVolumeClaim",
        "pvc://Claim_1/x, name of a PersistentVolumeClaim",
        "https:///m, host",
        "https://user:secret@host/m, user or password",
        "https://ho st/m, no URL",
        "' /models', blanks",
        "s3://key:secret@bucket/m, user or password",
        "webhdfs://user@host/m, user or password",
        "https://host/a%00b, control characters",
        "s3://bucket/a%0Ab, control characters",
        "s3://bucket/models/../other, '\"..\"'",
        "s3://-x/p, with a bucket",
        "s3:///p, with a bucket",
        "hf://model, hf://owner/model",
        "hf://a/b/c, hf://owner/model",
        "oci://Registry/Upper, oci://registry/repository",
        "models:/iris, models:/name@alias",
        "https://acct.blob.core.windows.net/, no container",
        "https://acct.file.core.windows.net, no share",
        "webhdfs:///p, no host",
        "storage-config://key/p, storage with key and path"
    })
    void refuses(String uri, String message) {
        assertThat(StorageScheme.of(uri))
                .isInstanceOfSatisfying(
                        StorageScheme.Refused.class,
                        refused -> assertThat(refused.message()).contains(message));
    }

    /** An administrator may have a container for them; whoever mistypes hears the nearest. */
    @ParameterizedTest
    @CsvSource({
        "ftp://host/m, 'scheme ftp:// is not known'",
        "unix:///run/docker.sock, 'scheme unix:// is not known'",
        "s4://bucket/m, 'did you mean \"s3\"?'",
        "htps://host/m, 'did you mean \"https\"?'"
    })
    void leavesOtherSchemesToOthers(String uri, String message) {
        assertThat(StorageScheme.of(uri))
                .isInstanceOfSatisfying(
                        StorageScheme.Foreign.class,
                        foreign -> assertThat(foreign.message()).contains(message));
    }
}
