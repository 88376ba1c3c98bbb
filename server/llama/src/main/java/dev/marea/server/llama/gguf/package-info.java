/** GGUF files: read strictly, for they come from strangers, before native code sees them. */
@NullMarked
package dev.marea.server.llama.gguf;

import org.jspecify.annotations.NullMarked;
