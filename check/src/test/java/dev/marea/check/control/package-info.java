/** The control plane's benchmark: {@code ./build bench control}. */
@NullMarked
package dev.marea.check.control;

import org.jspecify.annotations.NullMarked;
