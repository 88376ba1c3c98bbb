/** An engine as its door sees it: asked, listened to, started again when it dies. */
@NullMarked
package dev.marea.server.llama.engine;

import org.jspecify.annotations.NullMarked;
