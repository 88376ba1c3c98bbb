/**
 * The model server's process: {@link dev.marea.server.door.Main} reads flags and environment,
 * {@link dev.marea.server.door.ModelServer} composes door, protocols, models and metrics.
 */
@NullMarked
package dev.marea.server.door;

import org.jspecify.annotations.NullMarked;
