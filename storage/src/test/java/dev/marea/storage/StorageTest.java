package dev.marea.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.store.FetchFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every fetch keeps to, whatever the store. */
class StorageTest {
    @TempDir Path directory;
    private Web web;
    private final Storage storage = new Storage(Fetches.quick());

    @BeforeEach
    void open() throws Exception {
        web = new Web();
    }

    @AfterEach
    void close() throws Exception {
        web.close();
    }

    @Test
    void copiesADirectoryWithEverythingInIt() throws Exception {
        var source = Files.createDirectories(directory.resolve("model/sub"));
        Files.writeString(source.resolve("a.txt"), "abc");
        Files.writeString(directory.resolve("model/b.txt"), "");
        var target = directory.resolve("target");

        var fetched = storage.fetch(directory.resolve("model").toUri().toString(), target);

        assertThat(fetched.files()).isEqualTo(2);
        assertThat(fetched.bytes()).isEqualTo(3);
        assertThat(target.resolve("sub/a.txt")).hasContent("abc");
        assertThat(target.resolve("b.txt")).hasContent("");
    }

    @Test
    void copiesOneFileIntoTheDirectory() throws Exception {
        var source = Files.writeString(directory.resolve("model.pkl"), "abc");
        storage.fetch(source.toString(), directory.resolve("target"));
        assertThat(directory.resolve("target/model.pkl")).hasContent("abc");
    }

    @Test
    void namesAPathThatIsNotThere() {
        assertThatThrownBy(() -> storage.fetch("file:///no/such/model", directory))
                .hasMessageContaining("/no/such/model")
                .hasMessageContaining("storageUri");
    }

    @Test
    void namesASchemeThatNobodyServes() {
        assertThatThrownBy(() -> storage.fetch("quux://bucket/model", directory))
                .hasMessageContaining("quux://")
                .hasMessageContaining("https://");
    }

    @Test
    void fetchesAFileInPartsOverSeveralConnections() throws Exception {
        var content = Fetches.bytes(1_000_000, 1);
        web.file("/m/model.bin", content);
        var target = directory.resolve("target");

        var fetched = storage.fetch(web.url("/m/model.bin"), target);

        assertThat(target.resolve("model.bin")).hasBinaryContent(content);
        assertThat(fetched.network()).isEqualTo(content.length);
        assertThat(web.gets("/m/model.bin")).hasSize(16).allMatch(Web.Request::ranged);
        assertThat(names(target)).containsExactly("model.bin");
    }

    @Test
    void fetchesAnEmptyFile() throws Exception {
        web.file("/empty.txt", new byte[0]);
        storage.fetch(web.url("/empty.txt"), directory.resolve("target"));
        assertThat(directory.resolve("target/empty.txt")).isEmptyFile();
    }

    @Test
    void fetchesWhatTellsNeitherSizeNorVersion() throws Exception {
        var content = Fetches.bytes(200_000, 2);
        web.on(
                "/stream.bin",
                (request, out) -> {
                    if (request.head()) {
                        return Web.write(out, 405, "", "");
                    }
                    Web.send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int at = 0; at < content.length; at += 50_000) {
                        Web.send(out, Integer.toHexString(50_000) + "\r\n");
                        out.write(content, at, 50_000);
                        Web.send(out, "\r\n");
                    }
                    Web.send(out, "0\r\n\r\n");
                    return true;
                });
        storage.fetch(web.url("/stream.bin"), directory.resolve("target"));
        assertThat(directory.resolve("target/stream.bin")).hasBinaryContent(content);
    }

    @Test
    void wantsAFileName() {
        assertThatThrownBy(() -> storage.fetch(web.url("/models/"), directory))
                .isInstanceOf(FetchFailure.class)
                .hasMessageContaining("no usable file name");
    }

    @Test
    void refusesAModelOverTheLimitDeclaredOrNot() throws Exception {
        web.on(
                "/declared",
                (_, out) -> {
                    Web.send(
                            out,
                            "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 99999999999\r\n\r\n");
                    return false;
                });
        assertThatThrownBy(() -> storage.fetch(web.url("/declared"), directory.resolve("target")))
                .hasMessageContaining("limit");
    }

    private static java.util.List<String> names(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
