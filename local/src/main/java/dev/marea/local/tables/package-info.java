/** Objects as the rows that {@code kubectl get} prints. */
@NullMarked
package dev.marea.local.tables;

import org.jspecify.annotations.NullMarked;
