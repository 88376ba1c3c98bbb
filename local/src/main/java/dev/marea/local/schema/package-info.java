/**
 * What the kinds of the one-machine API look like: strict decoding, defaults, validation and the
 * OpenAPI documents that kubectl reads, all from one set of schemas.
 */
@NullMarked
package dev.marea.local.schema;

import org.jspecify.annotations.NullMarked;
