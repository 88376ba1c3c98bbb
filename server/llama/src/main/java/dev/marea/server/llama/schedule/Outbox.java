package dev.marea.server.llama.schedule;

import dev.marea.server.llama.talk.News;

/** Where news go; they leave together after each step. */
@FunctionalInterface
public interface Outbox {
    void tell(News news);
}
