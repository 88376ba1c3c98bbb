/** One JSON value for every room, with a bounded reader, a writer and a YAML door. */
@NullMarked
package dev.marea.wire.json;

import org.jspecify.annotations.NullMarked;
