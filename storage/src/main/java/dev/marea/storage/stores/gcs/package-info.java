/** {@code gs://bucket/path} of Google Cloud Storage and its emulators. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores.gcs;
