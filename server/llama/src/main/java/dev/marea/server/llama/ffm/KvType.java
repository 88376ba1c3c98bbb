package dev.marea.server.llama.ffm;

/** How keys and values of the context are kept: fewer bits, more tokens in the same memory. */
public enum KvType {
    F16(1, 16),
    Q8_0(8, 8.5),
    Q5_0(6, 5.5),
    Q4_0(2, 4.5);

    private final int code;
    private final double bits;

    KvType(int code, double bits) {
        this.code = code;
        this.bits = bits;
    }

    /** ggml's number for it. */
    int code() {
        return code;
    }

    /** Of one number, its share of the block's scale included. */
    public double bits() {
        return bits;
    }
}
