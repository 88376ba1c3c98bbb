/** The model server: door, models, metrics, drain. */
@NullMarked
package dev.marea.server;

import org.jspecify.annotations.NullMarked;
