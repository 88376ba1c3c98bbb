/** The loop: watch, plan, apply, tell. */
@NullMarked
package dev.marea.kubernetes.reconcile;

import org.jspecify.annotations.NullMarked;
