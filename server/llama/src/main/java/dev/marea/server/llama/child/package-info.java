/** The engine's process: llama.cpp lives and dies here, and the door's process goes on. */
@NullMarked
package dev.marea.server.llama.child;

import org.jspecify.annotations.NullMarked;
