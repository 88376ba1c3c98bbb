/** JSON schemas as GBNF grammars, under a budget. */
@NullMarked
package dev.marea.wire.llm.grammar;

import org.jspecify.annotations.NullMarked;
