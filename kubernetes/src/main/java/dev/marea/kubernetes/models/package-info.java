/** Models that nodes keep before any service needs them. */
@org.jspecify.annotations.NullMarked
package dev.marea.kubernetes.models;
