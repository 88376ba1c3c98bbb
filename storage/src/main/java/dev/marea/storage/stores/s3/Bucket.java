package dev.marea.storage.stores.s3;

import dev.marea.storage.stores.talk.Percent;
import java.net.URI;
import java.util.Map;

/** Where the keys of one bucket are asked for. */
record Bucket(String name, S3Settings settings) {
    URI object(String key) {
        return URI.create(base() + "/" + Percent.path(key));
    }

    URI listing(Map<String, String> query) {
        return URI.create(base() + "/?" + Percent.query(query));
    }

    /** A dot in the name would not match the certificate of the bucket's host. */
    private String base() {
        boolean host = settings.virtualHost() && name.indexOf('.') < 0;
        var server =
                settings.endpoint()
                        .orElseGet(() ->
                                URI.create("https://s3." + settings.region() + ".amazonaws.com"));
        return host
                ? "%s://%s.%s%s"
                        .formatted(
                                server.getScheme(),
                                name,
                                server.getRawAuthority(),
                                server.getRawPath())
                : server + "/" + Percent.part(name);
    }

    Bucket in(String region) {
        return new Bucket(name, settings.in(region));
    }
}
