/** The rules of the one-machine API: which kinds there are, and what a write must go through. */
@NullMarked
package dev.marea.local.api;

import org.jspecify.annotations.NullMarked;
