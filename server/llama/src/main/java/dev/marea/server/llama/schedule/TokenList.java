package dev.marea.server.llama.schedule;

import java.util.Arrays;

/** Tokens, growing at the end. */
final class TokenList {
    private int[] tokens;
    private int size;

    TokenList(int[] tokens) {
        this.tokens = Arrays.copyOf(tokens, tokens.length + 64);
        size = tokens.length;
    }

    int size() {
        return size;
    }

    int at(int index) {
        return tokens[index];
    }

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
    }

    void cut(int to) {
        size = Math.min(size, to);
    }

    /** How many tokens both begin with. */
    int commonWith(TokenList other) {
        int mismatch = Arrays.mismatch(tokens, 0, size, other.tokens, 0, other.size);
        return mismatch < 0 ? size : mismatch;
    }

    TokenList first(int count) {
        return new TokenList(Arrays.copyOf(tokens, count));
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, size);
    }
}
