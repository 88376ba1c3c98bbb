/** The operator against the one-machine API, with a node that only pretends to run pods. */
@NullMarked
package dev.marea.check.operator;

import org.jspecify.annotations.NullMarked;
