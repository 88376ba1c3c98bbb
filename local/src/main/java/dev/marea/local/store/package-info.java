/** What the one-machine API remembers: current objects and a window of changes, in one file. */
@NullMarked
package dev.marea.local.store;

import org.jspecify.annotations.NullMarked;
