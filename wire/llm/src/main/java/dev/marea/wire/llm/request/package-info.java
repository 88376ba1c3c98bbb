/** How a request's fields are read: by path, with limits, keeping what nobody knows. */
@NullMarked
package dev.marea.wire.llm.request;

import org.jspecify.annotations.NullMarked;
