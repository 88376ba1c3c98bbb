/** The OpenAI API in front of an engine, and the process that both live in. */
@NullMarked
package dev.marea.server.llama.door;

import org.jspecify.annotations.NullMarked;
