/** A request's facts and chance become a revision and a replica. */
@NullMarked
package dev.marea.core.route;

import org.jspecify.annotations.NullMarked;
