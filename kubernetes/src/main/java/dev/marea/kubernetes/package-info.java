/**
 * The operator: watch, plan, objects, apply, status; the scaling loop; the source of the route
 * feed.
 */
@NullMarked
package dev.marea.kubernetes;

import org.jspecify.annotations.NullMarked;
