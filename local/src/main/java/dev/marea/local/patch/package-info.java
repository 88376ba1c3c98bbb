/**
 * Pure functions that change objects as a Kubernetes API does: merge, JSON and strategic patches,
 * server-side apply and the ownership of fields.
 */
@NullMarked
package dev.marea.local.patch;

import org.jspecify.annotations.NullMarked;
