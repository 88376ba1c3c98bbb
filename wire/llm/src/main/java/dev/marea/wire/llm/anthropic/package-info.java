/** Anthropic's messages, to and from chat completions. */
@NullMarked
package dev.marea.wire.llm.anthropic;

import org.jspecify.annotations.NullMarked;
