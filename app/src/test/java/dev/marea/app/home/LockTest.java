package dev.marea.app.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {
    @TempDir Path directory;

    @Test
    void theFileSaysWhoseItIsAndIsFreeAfterwards() throws Exception {
        var home = new Home(directory.resolve("home"));
        home.prepare();
        try (var lock = Lock.take(home)) {
            assertThat(lock).isNotNull();
            assertThat(home.lock()).hasContent(Long.toString(ProcessHandle.current().pid()));
            // Within one process the JVM itself says so; another process gets Lock.Taken.
            assertThatThrownBy(() -> Lock.take(home))
                    .isInstanceOf(OverlappingFileLockException.class);
        }
        Lock.take(home).close();
    }

    @Test
    void aRunFileIsOfALivingPlatformOnlyWhileItsLockIsHeld() throws Exception {
        var home = new Home(directory.resolve("home"));
        home.prepare();
        try (var lock = Lock.take(home)) {
            assertThat(lock).isNotNull();
            new RunFile(1, RunFile.State.READY, "ready", "g", "a", "m").write(home);
            assertThat(RunFile.readLiving(home)).isPresent();
        }
        assertThat(RunFile.readLiving(home)).isEmpty();
        assertThat(RunFile.read(home))
                .hasValueSatisfying(run -> assertThat(run.gatewayUrl()).isEqualTo("g"));
    }
}
