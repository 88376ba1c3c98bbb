/**
 * The pure part of batching: rows of several requests as one and back, and what calls of a model
 * are known to cost.
 */
@NullMarked
package dev.marea.server.runtime.batch;

import org.jspecify.annotations.NullMarked;
