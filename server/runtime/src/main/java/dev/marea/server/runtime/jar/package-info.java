/** Serves models that users wrote in Java. */
@NullMarked
package dev.marea.server.runtime.jar;

import org.jspecify.annotations.NullMarked;
