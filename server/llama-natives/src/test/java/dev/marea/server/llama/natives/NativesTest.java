package dev.marea.server.llama.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
    @Test
    void areUnpackedOnceAndFoundAgain(@TempDir Path below) throws Exception {
        assumeTrue(Natives.areHere(), "this build has no llama.cpp for " + Natives.platform());
        var first = Natives.unpack(below);
        var library = first.directory().resolve("libggml-base.so");
        var written = Files.getLastModifiedTime(library);

        assertThat(Natives.unpack(below)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(written);
        assertThat(first.version()).isEqualTo("0.5.0");
    }

    @Test
    void aLibraryThatSomebodyChangedIsNotUsed(@TempDir Path below) throws Exception {
        assumeTrue(Natives.areHere(), "this build has no llama.cpp for " + Natives.platform());
        var first = Natives.unpack(below);
        Files.writeString(first.directory().resolve("libggml-base.so"), "something else");

        assertThat(Natives.unpack(below).directory()).isNotEqualTo(first.directory());
    }

    @Test
    void aListThatLeadsElsewhereIsRefused() {
        var sum = "0".repeat(64);
        assertThatThrownBy(() ->
                        NativesList.parse("version 1\narchive " + sum + "\nfile ../x.so " + sum))
                .hasMessageContaining("../x.so");
    }
}
