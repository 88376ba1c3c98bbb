/** Which model a body asks for, seen while it passes. */
@NullMarked
package dev.marea.wire.llm.peek;

import org.jspecify.annotations.NullMarked;
