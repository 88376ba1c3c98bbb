/**
 * What runs a model: the seam between the server's door and the formats, without any network.
 *
 * <p>{@link dev.marea.server.runtime.Runtimes} finds the runtime for a path by its files and loads
 * the model; {@link dev.marea.server.runtime.LoadedModel} answers. Formats live in packages of
 * their own and know this one; this one knows none of them.
 */
@NullMarked
package dev.marea.server.runtime;

import org.jspecify.annotations.NullMarked;
