/** {@code s3://bucket/path} of AWS and of servers that speak its protocol. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores.s3;
