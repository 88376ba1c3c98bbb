/** OpenAI's Responses, to and from chat completions. */
@NullMarked
package dev.marea.wire.llm.responses;

import org.jspecify.annotations.NullMarked;
