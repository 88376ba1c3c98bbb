/** The one-machine API's objects: what the REST door, the controllers and the node all speak. */
@NullMarked
package dev.marea.local.objects;

import org.jspecify.annotations.NullMarked;
