/** {@code oci://registry/repository[:tag|@digest]}: models in image registries, read and pushed. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores.oci;
