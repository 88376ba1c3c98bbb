package dev.marea.storage;

/** What a fetch brought. */
public record Fetched(int files, long bytes) {
    Fetched plus(long more) {
        return new Fetched(files + 1, bytes + more);
    }
}
