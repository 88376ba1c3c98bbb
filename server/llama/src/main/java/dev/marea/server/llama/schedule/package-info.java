/**
 * Which tokens go into the next step: continuous batching over sequences that share what they have
 * in common. Everything here belongs to the engine's one thread.
 */
@NullMarked
package dev.marea.server.llama.schedule;

import org.jspecify.annotations.NullMarked;
