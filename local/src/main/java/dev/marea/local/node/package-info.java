/** The node: runs pods as child processes of this machine. */
@NullMarked
package dev.marea.local.node;

import org.jspecify.annotations.NullMarked;
