package dev.marea.server.door;

import java.util.Map;

/**
 * Another server behind the same command, in jars of its own: an image with more formats is an
 * image with more jars. Found by {@link java.util.ServiceLoader}, and only when its format is asked
 * for.
 */
public interface Flavour {
    /** What {@code --framework} calls its format. */
    String format();

    /** How its files end, with the dot. */
    String ending();

    /**
     * Serves until the process is told to end.
     *
     * @return the exit code, with the model server's meanings
     */
    int run(String[] args, Map<String, String> environment);
}
