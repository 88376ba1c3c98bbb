package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.News;
import java.io.IOException;

/** Who writes an answer as it comes. */
interface Told {
    void read(News.Read read) throws IOException;

    void made(News.Made made) throws IOException;

    void ended(News.Ended ended) throws IOException;

    /** Nothing has come for a while. */
    void quiet() throws IOException;
}
