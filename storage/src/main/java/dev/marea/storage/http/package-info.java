/**
 * The one HTTP client of all stores: plain sockets, so that the address that was judged is the one
 * that is connected to, every read has a deadline, and nothing is buffered that a disk should have.
 */
@NullMarked
package dev.marea.storage.http;

import org.jspecify.annotations.NullMarked;
