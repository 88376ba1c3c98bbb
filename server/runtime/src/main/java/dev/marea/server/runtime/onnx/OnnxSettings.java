package dev.marea.server.runtime.onnx;

/**
 * How ONNX Runtime uses this machine.
 *
 * @param threads for one request's own work; idle ones sleep, they do not spin
 */
public record OnnxSettings(int threads) {
    private static final int THREADS_DEFAULT_MAX = 2;
    private static final int THREADS_MAX = 256;

    public OnnxSettings {
        if (threads < 1 || threads > THREADS_MAX) {
            throw new IllegalArgumentException(
                    "need 1 <= threads <= " + THREADS_MAX + ", was " + threads);
        }
    }

    /** Few threads: many requests run at once, and each model has a pool of its own. */
    public static OnnxSettings forCores(int cores) {
        return new OnnxSettings(Math.clamp(cores, 1, THREADS_DEFAULT_MAX));
    }
}
