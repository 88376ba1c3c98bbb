/** A Jinja interpreter for chat templates: data only, under a budget. */
@NullMarked
package dev.marea.wire.llm.jinja;

import org.jspecify.annotations.NullMarked;
