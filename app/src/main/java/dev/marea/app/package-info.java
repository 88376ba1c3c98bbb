/** The entry of the marea command: the one place that reads the environment. */
@NullMarked
package dev.marea.app;

import org.jspecify.annotations.NullMarked;
