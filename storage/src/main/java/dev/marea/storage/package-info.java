/** A storage URI becomes a verified local directory. */
@NullMarked
package dev.marea.storage;

import org.jspecify.annotations.NullMarked;
