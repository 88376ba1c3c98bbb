package dev.marea.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The map must match the house: every type named in ARCHITECTURE.md exists, every module of the
 * build is on it.
 */
class MapTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TYPE_NAME = Pattern.compile("`([A-Z][a-z][A-Za-z0-9]+)`");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final java.util.Set<String> KINDS = java.util.Set.of("InferenceService");

    @Test
    void everyTypeOnTheMapExists() throws IOException {
        var named = new TreeSet<String>();
        TYPE_NAME.matcher(map()).results().forEach(match -> named.add(match.group(1)));
        named.removeAll(KINDS);
        assertThat(types()).containsAll(named);
    }

    @Test
    void everyModuleIsOnTheMap() throws IOException {
        var pom = Files.readString(ROOT.resolve("pom.xml"));
        assertThat(MODULE.matcher(pom).results().map(match -> match.group(1)))
                .allSatisfy(module -> assertThat(map()).contains("`" + module + "`"));
    }

    private static String map() throws IOException {
        return Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    }

    private static java.util.Set<String> types() throws IOException {
        var existing = new TreeSet<String>();
        try (var files = Files.walk(ROOT)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .forEach(name -> existing.add(name.replace(".java", "")));
        }
        return existing;
    }
}
