/**
 * What a model's own directory says of how it is served: Triton's {@code config.pbtxt}, as far as
 * it means something here.
 */
@NullMarked
package dev.marea.server.config;

import org.jspecify.annotations.NullMarked;
