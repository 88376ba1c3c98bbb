/** OpenAI's requests, answers, chunks and errors. */
@NullMarked
package dev.marea.wire.llm.openai;

import org.jspecify.annotations.NullMarked;
