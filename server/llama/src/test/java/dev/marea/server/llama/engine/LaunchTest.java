package dev.marea.server.llama.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchTest {
    /** A JVM that is given both does not start, and with its log off it does not say why. */
    @Test
    void anAotCacheIsNeverGivenBesideAShareFlag() {
        var launch =
                Launch.asThisProcess(
                        Path.of("d"), Path.of("n"), List.of("-XX:AOTCache=server.aot"));
        assertThat(launch.command(Path.of("s")))
                .contains("-XX:AOTCache=server.aot")
                .noneMatch(flag -> flag.startsWith("-Xshare"));
    }
}
