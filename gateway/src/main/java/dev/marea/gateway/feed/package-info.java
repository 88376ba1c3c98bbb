/** The gateway's end of the operator's feed: follows one replica, tells load to all. */
@NullMarked
package dev.marea.gateway.feed;

import org.jspecify.annotations.NullMarked;
