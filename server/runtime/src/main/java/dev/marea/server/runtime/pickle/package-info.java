/**
 * Reads what a pickle says and does nothing that it asks: no class is looked up, no function is
 * called. Names outside a short list are refused; those inside it are labels on inert values.
 */
@NullMarked
package dev.marea.server.runtime.pickle;

import org.jspecify.annotations.NullMarked;
