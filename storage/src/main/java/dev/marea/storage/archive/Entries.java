package dev.marea.storage.archive;

import java.io.IOException;
import java.io.InputStream;

/** Takes the files of an archive, one after the other. */
public interface Entries {
    /** A file; its content must be read to the end before this returns. */
    void file(String path, InputStream content) throws IOException, InterruptedException;

    /** What an earlier layer of the same image brought under this path is no more. */
    void removed(String path) throws IOException;
}
