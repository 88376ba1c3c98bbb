/** Azure Blob Storage and Azure Files, by their https addresses. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores.azure;
