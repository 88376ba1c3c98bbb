/** Whether somebody else makes the same services true in this cluster. */
@NullMarked
package dev.marea.kubernetes.coexist;

import org.jspecify.annotations.NullMarked;
