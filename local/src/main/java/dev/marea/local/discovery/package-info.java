/** The documents by which clients learn what the API serves. */
@NullMarked
package dev.marea.local.discovery;

import org.jspecify.annotations.NullMarked;
