/** What the controllers and the node share: queues of keys, time, followed kinds, edits, events. */
@NullMarked
package dev.marea.local.work;

import org.jspecify.annotations.NullMarked;
