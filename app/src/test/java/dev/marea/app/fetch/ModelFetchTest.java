package dev.marea.app.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.wire.kserve.FetchProgress;
import dev.marea.wire.kserve.FetchTerms;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFetchTest {
    private static final byte[] CONTENT = new byte[100_000];

    @TempDir Path directory;
    private HttpServer store;
    private final List<FetchProgress> told = new ArrayList<>();
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (var path : List.of("/first.bin", "/second.bin")) {
            store.createContext(
                    path,
                    exchange -> {
                        exchange.getResponseHeaders().set("ETag", "\"1\"");
                        boolean head = exchange.getRequestMethod().equals("HEAD");
                        if (head) {
                            exchange.getResponseHeaders().set("Content-Length", "100000");
                        }
                        exchange.sendResponseHeaders(200, head ? -1 : CONTENT.length);
                        if (!head) {
                            exchange.getResponseBody().write(CONTENT);
                        }
                        exchange.close();
                    });
        }
        store.start();
    }

    @AfterEach
    void close() {
        store.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + store.getAddress().getPort() + path;
    }

    private ModelFetch fetch(Map<String, String> environment) {
        var cache = new StorageSettings.Cache(directory.resolve("cache"), Long.MAX_VALUE);
        var storage = new Storage(StorageSettings.usual(AddressPolicy.ONE_MACHINE).with(cache));
        return new ModelFetch(storage, environment, log::add, told::add);
    }

    @Test
    void tellsAtTheEndThatEverythingIsHere() throws Exception {
        fetch(Map.of()).run(List.of(url("/first.bin"), directory.resolve("pod").toString()));
        assertThat(directory.resolve("pod/first.bin")).hasBinaryContent(CONTENT);
        assertThat(told.getLast().percent()).hasValue(100);
        assertThat(told.getLast().files()).isEqualTo(1);
        assertThat(log.getLast()).contains("100000 bytes", "100000 of them from the store");
    }

    @Test
    void aLaterReplicaFetchesWhatTheFirstOneResolved() throws Exception {
        var pins = directory.resolve("pins");
        Files.writeString(pins, url("/first.bin") + " -> " + url("/second.bin"));
        var resolved =
                fetch(Map.of(FetchTerms.PINS, pins.toString()))
                        .run(List.of(url("/first.bin"), directory.resolve("pod").toString()));
        assertThat(directory.resolve("pod/second.bin")).exists();
        assertThat(resolved).containsEntry(url("/first.bin"), url("/second.bin"));
    }

    @Test
    void whatResolvesToItselfIsNoPin() throws Exception {
        var resolved =
                fetch(Map.of())
                        .run(List.of(url("/first.bin"), directory.resolve("pod").toString()));
        assertThat(resolved).isEmpty();
    }

    @Test
    void aModelThatNobodyVouchesForIsRefusedWhereASignatureIsRequired() {
        assertThatThrownBy(() -> underPolicy("require"))
                .hasMessageContaining("is not trusted: it has no signature")
                .hasMessageContaining("sign it");
        assertThatThrownBy(() -> underPolicy("requier")).hasMessageContaining("is not trusted");
    }

    @Test
    void underWarnDoubtIsOnlySaid() throws Exception {
        underPolicy("warn");
        assertThat(log)
                .anyMatch(line -> line.startsWith("warning: ") && line.contains("no signature"));
    }

    private void underPolicy(String word) throws Exception {
        fetch(Map.of(FetchTerms.SIGNATURES, word))
                .run(List.of(url("/first.bin"), directory.resolve(word).toString()));
    }
}
