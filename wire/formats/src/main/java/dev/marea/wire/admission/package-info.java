/** What a manifest may say: errors with field paths and nearest names, and warnings. Pure. */
@NullMarked
package dev.marea.wire.admission;

import org.jspecify.annotations.NullMarked;
