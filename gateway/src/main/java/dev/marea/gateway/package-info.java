/** The data plane: door, guard, route, wait, forward, audit. */
@NullMarked
package dev.marea.gateway;

import org.jspecify.annotations.NullMarked;
