/** The verbs of the marea command. */
@NullMarked
package dev.marea.app.cli;

import org.jspecify.annotations.NullMarked;
