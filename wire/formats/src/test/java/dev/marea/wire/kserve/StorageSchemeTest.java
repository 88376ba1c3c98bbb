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
        "https://host/a..b/m, HTTPS"
    })
    void serves(String uri, StorageScheme.Source source) {
        assertThat(StorageScheme.of(uri)).isEqualTo(new StorageScheme.Served(source));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://b/p, s3://",
        "gs://b/p, gs://",
        "hf://org/model:main, hf://",
        "hdfs://h/p, hdfs://",
        "webhdfs://h/p, webhdfs://",
        "oci://img:1, oci://",
        "oci+native://img, oci+native://",
        "oci+fetch://img, oci+fetch://",
        "modelscope://o/m, modelscope://",
        "https://acct.blob.core.windows.net/c/p, Azure Blob Storage",
        "https://acct.z6.blob.storage.azure.net/c/p, Azure Blob Storage",
        "https://acct.file.core.windows.net/s/p, Azure Files",
        "https://host/org/repo.git, a git repository"
    })
    void knowsWhatItDoesNotServeYet(String uri, String scheme) {
        assertThat(StorageScheme.of(uri)).isEqualTo(new StorageScheme.KnownNotServed(scheme));
    }

    @ParameterizedTest
    @CsvSource({
        "unix:/run/docker.sock, no scheme",
        "jar:file:/x!/y, no scheme",
        "ftp://host/m, ftp:// is not known",
        "unix:///run/docker.sock, unix:// is not known",
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
        "' /models', blanks"
    })
    void refuses(String uri, String message) {
        assertThat(StorageScheme.of(uri))
                .isInstanceOfSatisfying(
                        StorageScheme.Refused.class,
                        refused -> assertThat(refused.message()).contains(message));
    }
}
