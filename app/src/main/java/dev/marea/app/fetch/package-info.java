/** What one machine's step and a cluster's init container share when they fetch models. */
@NullMarked
package dev.marea.app.fetch;

import org.jspecify.annotations.NullMarked;
