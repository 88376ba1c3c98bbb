/** llama.cpp's libraries, and where they lie once they are unpacked. */
@NullMarked
package dev.marea.server.llama.natives;

import org.jspecify.annotations.NullMarked;
