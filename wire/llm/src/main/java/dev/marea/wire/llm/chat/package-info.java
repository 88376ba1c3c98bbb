/** Messages and tools become the prompt that a model was trained on. */
@NullMarked
package dev.marea.wire.llm.chat;

import org.jspecify.annotations.NullMarked;
