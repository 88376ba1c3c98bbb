package dev.marea.storage.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.Canned;
import dev.marea.storage.stores.Canned.Said;
import dev.marea.storage.stores.Secretly;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3StoreTest {
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "AKIAOWN", "AWS_SECRET_ACCESS_KEY", "hidden");
    private static final Map<String, String> OTHERS =
            Map.of("AWS_ACCESS_KEY_ID", "AKIAADMIN", "AWS_SECRET_ACCESS_KEY", "hidden");
    private static final String PAGE =
            "<ListBucketResult><Contents><Key>m/a.bin</Key><Size>3</Size><ETag>\"900150983cd24fb0d6963f7d28e17f72\"</ETag></Contents></ListBucketResult>";

    @TempDir Path root;

    @Test
    void awsIsAskedAtTheBucketsHostInItsRegion() throws Exception {
        var http =
                new Canned(request ->
                        request.uri().getPath().equals("/") && request.method().equals("HEAD")
                                ? Said.of(301, "").with("x-amz-bucket-region", "eu-west-1")
                                : page(request));
        list(http, Access.read(KEYS));
        assertThat(http.last().uri().getHost()).isEqualTo("models.s3.eu-west-1.amazonaws.com");
        assertThat(authorization(http))
                .contains("Credential=AKIAOWN/", "/eu-west-1/s3/aws4_request");
    }

    @Test
    void aBucketWithADotIsAskedByPathAsItsHostHasNoCertificate() throws Exception {
        var http = new Canned(S3StoreTest::page);
        new S3Store().list(new StoreUri("s3://my.models/m"), Access.read(KEYS), http);
        assertThat(http.last().uri().toString())
                .startsWith("https://s3.us-east-1.amazonaws.com/my.models/");
    }

    @Test
    void aSecretsEndpointIsNeverGivenTheAdministratorsKeys() throws Exception {
        var http = new Canned(S3StoreTest::page);
        var access =
                Secretly.access(
                        root,
                        OTHERS,
                        Map.of(),
                        Map.of("serving.kserve.io/s3-endpoint", "evil.example.com"));
        list(http, access);
        assertThat(http.last().uri().toString()).startsWith("https://evil.example.com/models/");
        assertThat(http.last().headers().firstValue("Authorization")).isEmpty();
        assertThat(http.administrators).containsOnly(false);
    }

    @Test
    void aSecretsKeysGoToTheAdministratorsEndpoint() throws Exception {
        var http = new Canned(S3StoreTest::page);
        list(
                http,
                Secretly.access(
                        root, Map.of("AWS_ENDPOINT_URL", "http://minio:9000"), KEYS, Map.of()));
        assertThat(http.last().uri().toString()).startsWith("http://minio:9000/models/");
        assertThat(authorization(http)).contains("Credential=AKIAOWN/");
        assertThat(http.administrators).containsOnly(true);
    }

    @Test
    void kservesAnnotationsSayHowAServerIsAsked() throws Exception {
        var http = new Canned(S3StoreTest::page);
        var notes =
                Map.of(
                        "serving.kserve.io/s3-endpoint", "minio:9000",
                        "serving.kserve.io/s3-usehttps", "0",
                        "serving.kserve.io/s3-usevirtualbucket", "true",
                        "serving.kserve.io/s3-region", "here-1");
        list(http, Secretly.access(root, Map.of(), KEYS, notes));
        assertThat(http.last().uri().toString()).startsWith("http://models.minio:9000/");
        assertThat(authorization(http)).contains("/here-1/s3/");
    }

    @Test
    void accelerationIsAnotherHostOfTheBuckets() throws Exception {
        var http = new Canned(S3StoreTest::page);
        var notes = Map.of("serving.kserve.io/s3-useaccelerate", "true");
        list(http, Secretly.access(root, Map.of(), KEYS, notes));
        assertThat(http.last().uri().getHost()).isEqualTo("models.s3-accelerate.amazonaws.com");
    }

    @Test
    void anonymousAccessSignsNothing() throws Exception {
        var http = new Canned(S3StoreTest::page);
        list(
                http,
                Secretly.access(
                        root,
                        Map.of(),
                        KEYS,
                        Map.of("serving.kserve.io/s3-useanoncredential", "true")));
        assertThat(http.last().headers().firstValue("Authorization")).isEmpty();
    }

    @Test
    void aServiceAccountsTokenIsExchangedForKeys() throws Exception {
        var token = Files.writeString(root.resolve("token"), "web-token");
        var http =
                new Canned(request ->
                        request.method().equals("POST")
                                ? Said.of(
                                        200,
                                        """
                                        <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
                                        <AccessKeyId>ASIALENT</AccessKeyId><SecretAccessKey>k</SecretAccessKey><SessionToken>session</SessionToken>
                                        <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                                        """)
                                : page(request));
        list(
                http,
                Access.read(
                        Map.of(
                                "AWS_ROLE_ARN",
                                "arn:aws:iam::1:role/models",
                                "AWS_WEB_IDENTITY_TOKEN_FILE",
                                token.toString())));
        assertThat(http.requests.stream().filter(r -> r.method().equals("POST"))).hasSize(1);
        assertThat(authorization(http)).contains("Credential=ASIALENT/");
        assertThat(http.last().headers().firstValue("X-Amz-Security-Token")).contains("session");
    }

    @Test
    void aTagIsASumOnlyWhereTheStoreEncryptsWithItsOwnKey() throws Exception {
        var plain = list(new Canned(S3StoreTest::page), Access.read(KEYS));
        var kms =
                list(
                        new Canned(request ->
                                page(request).with("x-amz-server-side-encryption", "aws:kms")),
                        Access.read(KEYS));
        assertThat(plain.files().getFirst().sum())
                .contains(new Checksum(Checksum.Algorithm.MD5, "900150983cd24fb0d6963f7d28e17f72"));
        assertThat(kms.files().getFirst().sum()).isEmpty();
    }

    @Test
    void eachPartAsksForTheVersionThatWasListed() throws Exception {
        var file = list(new Canned(S3StoreTest::page), Access.read(KEYS)).files().getFirst();
        var part =
                file.origin()
                        .request(Optional.of(new dev.marea.storage.store.ByteRange(0, 1)))
                        .build();
        assertThat(part.headers().firstValue("If-Match"))
                .contains("\"900150983cd24fb0d6963f7d28e17f72\"");
        assertThat(part.headers().firstValue("Range")).contains("bytes=0-1");
        assertThat(part.headers().firstValue("Authorization").orElseThrow())
                .contains("if-match;", "range;");
    }

    @Test
    void aBucketWithNothingUnderTheNameSaysSo() {
        var http =
                new Canned(request ->
                        request.method().equals("HEAD")
                                ? Said.of(404, "")
                                : Said.of(200, "<ListBucketResult/>"));
        assertThatThrownBy(() -> list(http, Access.read(KEYS)))
                .hasMessageContaining("s3://models/m")
                .hasMessageContaining("nothing");
    }

    private static Listing list(Canned http, Access access) throws Exception {
        return new S3Store().list(new StoreUri("s3://models/m"), access, http);
    }

    private static Said page(HttpRequest request) {
        if (request.method().equals("HEAD")) {
            return Said.of(request.uri().getPath().endsWith("a.bin") ? 200 : 404, "");
        }
        return Said.of(200, PAGE);
    }

    private static String authorization(Canned http) {
        return http.last().headers().firstValue("Authorization").orElse("");
    }
}
