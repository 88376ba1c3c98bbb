/** What every protocol does with tensors: shapes, names, and values as raw bytes. */
@NullMarked
package dev.marea.server.tensors;

import org.jspecify.annotations.NullMarked;
