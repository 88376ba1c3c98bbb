/** Words as people and Kubernetes write them: near misses of names, amounts with units. */
@NullMarked
package dev.marea.wire.text;

import org.jspecify.annotations.NullMarked;
