/** What this node has fetched: by content, once, read-only, linked to wherever it is used. */
@NullMarked
package dev.marea.storage.cache;

import org.jspecify.annotations.NullMarked;
