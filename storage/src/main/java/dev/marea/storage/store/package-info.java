/** The seam between the one transfer engine and the kinds of model stores. */
@NullMarked
package dev.marea.storage.store;

import org.jspecify.annotations.NullMarked;
