/** {@code models:/name/version} and {@code models:/name@alias} of an MLflow registry. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores.mlflow;
