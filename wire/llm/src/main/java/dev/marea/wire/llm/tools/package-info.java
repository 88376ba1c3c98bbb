/** What a model's text means: reasoning, content and tool calls, family by family. */
@NullMarked
package dev.marea.wire.llm.tools;

import org.jspecify.annotations.NullMarked;
