/**
 * From logits to a token, from tokens to text: pure functions of what they are given, chance as a
 * seed.
 */
@NullMarked
package dev.marea.server.llama.sample;

import org.jspecify.annotations.NullMarked;
