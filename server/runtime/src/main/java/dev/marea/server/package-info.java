/** What a model of your own in Java implements: {@link dev.marea.server.Model}. */
@NullMarked
package dev.marea.server;

import org.jspecify.annotations.NullMarked;
