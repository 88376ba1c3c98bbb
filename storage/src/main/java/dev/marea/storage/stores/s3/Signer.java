package dev.marea.storage.stores.s3;

import dev.marea.storage.store.FetchFailure;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** Signs requests as AWS's own module does it. */
record Signer(Identity identity, String region) {
    private static final AwsV4HttpSigner SIGNATURES = AwsV4HttpSigner.create();

    /** The HTTP client writes it itself, from the same address. */
    private static final Set<String> CLIENTS_OWN = Set.of("host", "content-length");

    HttpRequest.Builder get(URI address, Map<String, String> headers)
            throws FetchFailure, InterruptedException {
        return signed(SdkHttpMethod.GET, address, headers);
    }

    HttpRequest.Builder head(URI address, Map<String, String> headers)
            throws FetchFailure, InterruptedException {
        return signed(SdkHttpMethod.HEAD, address, headers);
    }

    private HttpRequest.Builder signed(
            SdkHttpMethod method, URI address, Map<String, String> headers)
            throws FetchFailure, InterruptedException {
        var request =
                HttpRequest.newBuilder(address)
                        .method(method.name(), HttpRequest.BodyPublishers.noBody());
        var keys = identity.current();
        if (keys.isEmpty()) {
            headers.forEach(request::header);
            return request;
        }
        var plain = SdkHttpRequest.builder().uri(address).method(method);
        headers.forEach(plain::putHeader);
        var signed =
                SIGNATURES.sign(order ->
                        order.identity(keys.get())
                                .request(plain.build())
                                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false));
        signed.request()
                .headers()
                .forEach((name, values) -> {
                    if (!CLIENTS_OWN.contains(name.toLowerCase(Locale.ROOT))) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
        return request;
    }
}
