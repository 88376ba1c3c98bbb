/** What an operator and a gateway say to each other: routes one way, load the other. */
@NullMarked
package dev.marea.wire.feed;

import org.jspecify.annotations.NullMarked;
