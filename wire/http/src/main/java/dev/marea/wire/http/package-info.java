/**
 * The one strict HTTP door on Netty: limits, timers, TLS, self-issued certificates, and blocking
 * handlers on virtual threads.
 */
@NullMarked
package dev.marea.wire.http;

import org.jspecify.annotations.NullMarked;
