package dev.marea.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository whose models are links, as the agent makes them. */
class LinkedModelTest {
    @Test
    void aLinkThatLeadsElsewhereIsAnotherModelThoughItsFilesLookTheSame(@TempDir Path home)
            throws Exception {
        var library = new Library(home);
        library.put(".m.one/model.fake", "1").put(".m.two/model.fake", "2");
        var same = FileTime.fromMillis(1_000);
        for (var one : List.of(".m.one", ".m.two")) {
            Files.setLastModifiedTime(library.home.resolve(one).resolve("model.fake"), same);
        }
        var link = library.home.resolve("m");
        Files.createSymbolicLink(link, Path.of(".m.one"));
        var models = library.started(false);
        models.load("m");
        assertThat(Library.ask(models, "m")).isEqualTo("1");

        Files.delete(link);
        Files.createSymbolicLink(link, Path.of(".m.two"));
        models.load("m");

        assertThat(Library.ask(models, "m")).isEqualTo("2");
    }
}
