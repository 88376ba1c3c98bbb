package dev.marea.wire.kserve;

/** What a {@code storageUri} names, and whether we can fetch it. */
public sealed interface StorageScheme {
    /** Fetched or mounted by this release. */
    record Served(Source source) implements StorageScheme {}

    /** KServe can fetch it and we cannot yet: admitted, and told in a condition. */
    record KnownNotServed(String scheme) implements StorageScheme {
        public String message() {
            return "storageUri with "
                    + scheme
                    + " is not served by this release; use pvc://, https://, http://, file:// or an absolute path";
        }
    }

    /** Nobody knows it, or it is malformed or reaches where it must not: refused at admission. */
    record Refused(String message) implements StorageScheme {}

    enum Source {
        FILE,
        PATH,
        PVC,
        HTTPS,
        HTTP
    }

    static StorageScheme of(String uri) {
        return StorageUris.read(uri);
    }
}
