/** How requests become predictions: a bounded queue, batches, workers, and what is measured. */
@NullMarked
package dev.marea.server.predict;

import org.jspecify.annotations.NullMarked;
