/** {@code webhdfs://host:port/path} and {@code hdfs://path} over Hadoop's REST door. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores.webhdfs;
