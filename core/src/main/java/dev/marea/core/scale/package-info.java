/** Load and time become a replica count with its reason. */
@NullMarked
package dev.marea.core.scale;

import org.jspecify.annotations.NullMarked;
