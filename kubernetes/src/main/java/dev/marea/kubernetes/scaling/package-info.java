/** Load reports become replica counts, written through the scale subresource. */
@NullMarked
package dev.marea.kubernetes.scaling;

import org.jspecify.annotations.NullMarked;
