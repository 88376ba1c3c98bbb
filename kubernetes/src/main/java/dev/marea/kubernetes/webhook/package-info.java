/**
 * Where a cluster's API asks for our judgement of a manifest, as its author, before it is stored.
 */
@NullMarked
package dev.marea.kubernetes.webhook;

import org.jspecify.annotations.NullMarked;
