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
                    + " is not served by this release; use "
                    + StorageUris.LIST
                    + ", or a ClusterStorageContainer for it";
        }
    }

    /**
     * Well-formed, of a scheme that is nobody's but a ClusterStorageContainer's.
     *
     * @param message what to say where none takes it
     */
    record Foreign(String scheme, String message) implements StorageScheme {}

    /** It is malformed or reaches where it must not: refused at admission. */
    record Refused(String message) implements StorageScheme {}

    /** Who has the files, and so how they come to a replica. */
    enum Source {
        FILE,
        PATH,
        PVC,
        HTTPS,
        HTTP,
        S3,
        GCS,
        HUB,
        AZURE_BLOB,
        AZURE_FILE,
        OCI,
        OCI_IMAGE,
        WEBHDFS,
        MLFLOW;

        /** Whether a step brings the files before the replica starts. */
        public boolean fetched() {
            return switch (this) {
                case FILE, PATH, PVC, OCI_IMAGE -> false;
                case HTTPS, HTTP, S3, GCS, HUB, AZURE_BLOB, AZURE_FILE, OCI, WEBHDFS, MLFLOW ->
                        true;
            };
        }
    }

    static StorageScheme of(String uri) {
        return StorageUris.read(uri);
    }
}
