/** Pure functions: what exists becomes the facts that a plan needs. */
@NullMarked
package dev.marea.kubernetes.observe;

import org.jspecify.annotations.NullMarked;
