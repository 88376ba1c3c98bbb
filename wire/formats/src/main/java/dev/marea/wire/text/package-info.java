/** Words for people: which known name was probably meant. */
@NullMarked
package dev.marea.wire.text;

import org.jspecify.annotations.NullMarked;
