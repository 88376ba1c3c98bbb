/** Server-sent events: a tolerant reader and a writer. */
@NullMarked
package dev.marea.wire.llm.sse;

import org.jspecify.annotations.NullMarked;
