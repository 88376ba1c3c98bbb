/**
 * The proofs of the whole product: real processes, real clients, one `marea up`. Run by `./build
 * e2e`.
 */
@NullMarked
package dev.marea.check.e2e;

import org.jspecify.annotations.NullMarked;
