package dev.marea.storage.stores.s3;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.FetchFailure;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Which server answers for a bucket, and how it is spoken to.
 *
 * @param endpoint none is AWS itself
 * @param administrators whether the endpoint is the administrator's word, or AWS
 * @param source what the keys are taken from
 */
record S3Settings(
        Optional<URI> endpoint,
        boolean administrators,
        String region,
        boolean virtualHost,
        boolean anonymous,
        Source source) {
    static final String[] KEY_ID = {"AWS_ACCESS_KEY_ID", "awsAccessKeyID", "access_key_id"};
    static final String[] SECRET_KEY = {
        "AWS_SECRET_ACCESS_KEY", "awsSecretAccessKey", "secret_access_key"
    };
    private static final String[] ENDPOINT = {
        "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "endpoint_url", "S3_ENDPOINT"
    };
    private static final String[] REGION = {"AWS_REGION", "AWS_DEFAULT_REGION", "region"};
    private static final String[] ANONYMOUS = {"awsAnonymousCredential", "anonymous"};
    private static final URI ACCELERATED = URI.create("https://s3-accelerate.amazonaws.com");
    private static final String NOTE = "serving.kserve.io/s3-";

    static S3Settings of(Access access) throws FetchFailure {
        var source = chosen(access);
        var environment = access.environment();
        var own = endpoint(source);
        var named = own.isPresent() ? own : endpoint(environment);
        var endpoint = named.isEmpty() && accelerated(source) ? Optional.of(ACCELERATED) : named;
        boolean tenants = own.isPresent() && !source.administrators() && !aws(own.get());
        var region =
                source.setting(NOTE + "region", REGION)
                        .or(() -> environment.setting("", REGION))
                        .orElse("us-east-1");
        return new S3Settings(
                endpoint,
                !tenants,
                region,
                virtualHost(source, environment, named.isEmpty()),
                anonymous(source),
                tenants || held(source) ? source : environment);
    }

    /** The first that says anything of S3: its endpoint is then never given another's keys. */
    private static Source chosen(Access access) throws FetchFailure {
        for (var source : access.sources()) {
            if (held(source) || anonymous(source) || endpoint(source).isPresent()) {
                return source;
            }
        }
        return access.environment();
    }

    private static boolean held(Source source) {
        return source.first(KEY_ID).isPresent() && source.first(SECRET_KEY).isPresent();
    }

    private static boolean accelerated(Source source) {
        return truth(source.setting(NOTE + "useaccelerate", "S3_USE_ACCELERATE"), false);
    }

    private static boolean anonymous(Source source) {
        return truth(source.setting(NOTE + "useanoncredential", ANONYMOUS), false);
    }

    private static boolean virtualHost(Source source, Source environment, boolean aws) {
        var said =
                source.setting(NOTE + "usevirtualbucket", "S3_USER_VIRTUAL_BUCKET")
                        .or(() -> environment.setting("", "S3_USER_VIRTUAL_BUCKET"));
        return truth(said, aws);
    }

    private static Optional<URI> endpoint(Source source) throws FetchFailure {
        var said = source.setting(NOTE + "endpoint", ENDPOINT);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        boolean https = truth(source.setting(NOTE + "usehttps", "S3_USE_HTTPS"), true);
        var text = said.get().contains("://") ? said.get() : scheme(https) + said.get();
        try {
            var uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (uri.getHost() != null && uri.getUserInfo() == null) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException bad) {
            // told below, with the place to mend
        }
        throw FetchFailure.lasting(
                "the S3 endpoint in "
                        + source.name()
                        + " is no address such as https://minio.example.com:9000");
    }

    private static String scheme(boolean https) {
        return https ? "https://" : "http://";
    }

    static boolean aws(URI endpoint) {
        var host = endpoint.getHost().toLowerCase(Locale.ROOT);
        return host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn");
    }

    private static boolean truth(Optional<String> said, boolean otherwise) {
        return said.map(text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "1", "true", "yes" -> true;
                            case "0", "false", "no" -> false;
                            default -> otherwise;
                        })
                .orElse(otherwise);
    }

    S3Settings in(String other) {
        return new S3Settings(endpoint, administrators, other, virtualHost, anonymous, source);
    }
}
