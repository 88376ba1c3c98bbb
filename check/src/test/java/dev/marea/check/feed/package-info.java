/** The two ends of the feed together: operator's door and gateway. */
@NullMarked
package dev.marea.check.feed;

import org.jspecify.annotations.NullMarked;
