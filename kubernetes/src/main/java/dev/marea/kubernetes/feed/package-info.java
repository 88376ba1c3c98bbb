/** The operator's door for gateways: routes go out, load comes in. */
@NullMarked
package dev.marea.kubernetes.feed;

import org.jspecify.annotations.NullMarked;
