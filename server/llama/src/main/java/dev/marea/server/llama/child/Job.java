package dev.marea.server.llama.child;

import dev.marea.server.llama.schedule.Embedder;
import dev.marea.server.llama.schedule.Generation;

/** What the engine's thread is handed: orders, read and cut into tokens. */
sealed interface Job {
    record Make(Generation generation) implements Job {}

    record Embed(Embedder.Text text) implements Job {}

    record Cancel(long id) implements Job {}
}
