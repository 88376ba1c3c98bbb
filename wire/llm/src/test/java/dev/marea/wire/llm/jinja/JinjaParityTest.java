package dev.marea.wire.llm.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Our interpreter beside the real jinja2, whose answers {@code parity/goldens.py} wrote down. */
class JinjaParityTest {
    private static final ZonedDateTime NOW =
            ZonedDateTime.of(2026, 11, 25, 9, 8, 7, 0, ZoneOffset.UTC);

    @Test
    void eachPieceOfTheLanguageGivesWhatJinja2Gives() throws Exception {
        var wrong = new ArrayList<String>();
        var variables = read("conversations.json").object("everything");
        for (var golden : read("goldens.json").list("own")) {
            var source = golden.text("template").orElseThrow();
            var ours = outcome(source, variables);
            if (!ours.equals(((Json.Obj) golden).without("template"))) {
                wrong.add(source + "\n   jinja2: " + golden + "\n   ours:   " + ours);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void thePublicTemplatesRenderAsJinja2RendersThem() throws Exception {
        var folder = templates();
        assumeTrue(
                Files.isDirectory(folder),
                "the public templates are not here; wire/llm/src/test/parity/templates fetches them");
        var wrong = new ArrayList<String>();
        int rendered = 0;
        for (var golden : read("goldens.json").list("public")) {
            var file = folder.resolve(golden.text("name").orElseThrow());
            var source = Files.readString(file);
            assertThat(digest(source))
                    .as("%s", file)
                    .isEqualTo(golden.text("sha256").orElseThrow());
            for (var name : golden.object("outcomes").fields().keySet()) {
                var wanted = golden.object("outcomes", name);
                var ours = outcome(source, read("conversations.json").object(name));
                rendered++;
                if (!digested(ours).equals(wanted) && !printsWhatJinjaCannot(golden, wanted)) {
                    wrong.add(
                            file.getFileName()
                                    + " "
                                    + name
                                    + ": "
                                    + wanted
                                    + " but "
                                    + cut(ours.toString()));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rendered).isGreaterThan(1_000);
    }

    /** A lazy list has no JSON form in Python; ours are lists at once, as llama.cpp's are. */
    private static boolean printsWhatJinjaCannot(Json golden, Json wanted) {
        return golden.text("name").equals(Optional.of("llama-cpp-deepseek-r1.jinja"))
                && wanted.text("failed").isPresent();
    }

    private static Json outcome(String source, Json.Obj variables) {
        try {
            var text = Template.compile(source, TemplateLimits.DEFAULT).render(variables, NOW);
            return Json.Obj.of("text", text);
        } catch (TemplateError error) {
            return switch (error.kind()) {
                case RAISED -> Json.Obj.of("raised", String.valueOf(error.getMessage()));
                case SYNTAX -> Json.Obj.of("failed", "syntax");
                case FAILED -> Json.Obj.of("failed", "runtime");
                case OVER_BUDGET -> Json.Obj.of("over", String.valueOf(error.getMessage()));
            };
        }
    }

    private static Json digested(Json outcome) throws Exception {
        var text = outcome.text("text");
        return text.isEmpty() ? outcome : Json.Obj.of("sha256", digest(text.get()));
    }

    private static String digest(String text) throws Exception {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(200, text.length()));
    }

    private static Path templates() {
        return Path.of(System.getProperty("user.home"), ".cache", "marea", "chat-templates");
    }

    private static Json read(String name) throws IOException {
        try (var in = JinjaParityTest.class.getResourceAsStream("/jinja/" + name)) {
            return JsonReader.read(Objects.requireNonNull(in, name).readAllBytes());
        }
    }
}
