/** Our operator on a real Kubernetes, and Marea installed there: what our own API does not have. */
@NullMarked
package dev.marea.check.cluster;

import org.jspecify.annotations.NullMarked;
