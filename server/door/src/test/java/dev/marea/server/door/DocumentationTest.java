package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentationTest {
    @SuppressWarnings("NullAway.Init")
    private Served served;

    @BeforeAll
    void open(@TempDir Path home) throws Exception {
        served = Served.ready(home, "two.fake");
    }

    @AfterAll
    void close() {
        served.close();
    }

    /** On a server of its own: one of the operations takes the model out of service. */
    @Test
    void everyDescribedOperationExists(@TempDir Path home) throws Exception {
        var paths = JsonReader.read(served.get("/openapi.json").body()).object("paths").fields();

        assertThat(paths).hasSizeGreaterThan(30);
        try (var other = Served.ready(home, "two.fake")) {
            for (var path : paths.entrySet()) {
                for (var method : ((Json.Obj) path.getValue()).fields().keySet()) {
                    assertThat(status(other, method, path.getKey()))
                            .as("%s %s", method, path.getKey())
                            .isNotIn(404, 405);
                }
            }
        }
    }

    private static int status(Served served, String method, String path) throws Exception {
        var real = path.replace("{model}", "m").replace("{version}", "1");
        return served.send(
                        served.to(real)
                                .method(method.toUpperCase(Locale.ROOT), BodyPublishers.noBody()))
                .statusCode();
    }

    @Test
    void theDescriptionNamesTheModelsTensors() throws Exception {
        var schema =
                JsonReader.read(served.get("/openapi.json").body())
                        .object(
                                "components",
                                "schemas",
                                "Infer.m",
                                "properties",
                                "inputs",
                                "items");

        assertThat(schema.list("oneOf"))
                .extracting(input -> input.text("properties", "name", "const").orElse(""))
                .containsExactly("a", "b");
    }

    @Test
    void everyReferenceOfTheDescriptionLeadsSomewhere() throws Exception {
        var text = served.get("/openapi.json").body();
        var schemas = JsonReader.read(text).object("components", "schemas");

        var references = Pattern.compile("#/components/schemas/([^\"]+)").matcher(text);
        while (references.find()) {
            assertThat(schemas.has(references.group(1))).as(references.group(1)).isTrue();
        }
        assertThat(text).contains("#/components/schemas/Infer.m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/redoc"})
    void thePageShowsTensorsAndCommands(String path) throws Exception {
        var page = served.get(path);

        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.body())
                .contains(
                        "<code>m</code>",
                        "<code>a</code>",
                        "FP64",
                        "/v1/models/m:predict -d",
                        "/v2/models/m/infer -d",
                        "/v2/repository/index")
                .doesNotContain("<script", "http://cdn", "https://");
    }

    @Test
    void thePageMayOnlyUseItsOwnStyle() throws Exception {
        var page = served.get("/docs");
        var style =
                page.body()
                        .substring(
                                page.body().indexOf("<style>") + 7,
                                page.body().indexOf("</style>"));
        var digest =
                MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));

        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'")
                .contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }
}
