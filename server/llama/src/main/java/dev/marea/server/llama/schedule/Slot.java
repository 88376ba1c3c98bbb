package dev.marea.server.llama.schedule;

/** One of llama.cpp's sequences, and what is in its cells: also after its answer has ended. */
final class Slot {
    private final int sequence;
    TokenList tokens = new TokenList(new int[0]);

    /** Of its tokens, how many lie in cells that another slot brought. */
    int shared;

    /** Only those with the same one may share: adapters change what is computed. */
    String key = "";

    boolean busy;
    long lastUsed;

    Slot(int sequence) {
        this.sequence = sequence;
    }

    int sequence() {
        return sequence;
    }

    int own() {
        return Math.max(0, tokens.size() - shared);
    }
}
