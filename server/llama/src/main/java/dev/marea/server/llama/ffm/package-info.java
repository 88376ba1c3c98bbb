/**
 * llama.cpp's C interface through the Foreign Function API: the only package that may crash a
 * process, and the only one that touches native memory. Its objects belong to one thread each,
 * unless they say otherwise.
 */
@NullMarked
package dev.marea.server.llama.ffm;

import org.jspecify.annotations.NullMarked;
