/**
 * Who vouches for a model: OpenSSF's model signing, a digest of every file in a statement that is
 * signed as a whole.
 */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.signing;
