/** The one-machine Kubernetes API, composed. */
@NullMarked
package dev.marea.local;

import org.jspecify.annotations.NullMarked;
