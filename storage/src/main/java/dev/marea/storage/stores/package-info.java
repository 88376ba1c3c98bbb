/** The kinds of model stores, each in its own package. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores;
