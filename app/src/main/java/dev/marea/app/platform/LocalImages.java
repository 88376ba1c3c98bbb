package dev.marea.app.platform;

import dev.marea.local.node.Images;
import java.util.Map;
import java.util.Optional;

/**
 * The images that one machine can run: our model server, and those that config.yaml maps to a
 * command. A revision keeps the tag that it was made with, so any tag of the server means this one.
 */
record LocalImages(String serverRepository, Executable server, Map<String, Executable> configured)
        implements Images {
    @Override
    public Optional<Executable> resolve(String image) {
        var chosen = configured.get(image);
        if (chosen != null) {
            return Optional.of(chosen);
        }
        return image.startsWith(serverRepository + ":") ? Optional.of(server) : Optional.empty();
    }
}
