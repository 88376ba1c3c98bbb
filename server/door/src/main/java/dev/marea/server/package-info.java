/**
 * The model server: one process, one model, KServe's V1 and V2 REST. {@link dev.marea.server.Main}
 * reads flags and environment, {@link dev.marea.server.ModelServer} composes door, model and
 * metrics.
 */
@NullMarked
package dev.marea.server;

import org.jspecify.annotations.NullMarked;
