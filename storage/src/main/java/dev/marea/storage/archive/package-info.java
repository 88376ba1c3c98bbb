/** Archives become files of a model: entry by entry, inside a budget, nothing else than files. */
@NullMarked
package dev.marea.storage.archive;

import org.jspecify.annotations.NullMarked;
