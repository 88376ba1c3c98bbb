/** The certificates that Marea issues to its own doors on a cluster, and how they are renewed. */
@NullMarked
package dev.marea.kubernetes.certs;

import org.jspecify.annotations.NullMarked;
