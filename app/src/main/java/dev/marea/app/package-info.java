/** The only composition: the marea command and its roles. */
@NullMarked
package dev.marea.app;

import org.jspecify.annotations.NullMarked;
