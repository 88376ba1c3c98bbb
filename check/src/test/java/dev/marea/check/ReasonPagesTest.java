package dev.marea.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reason has a page that says what it means and what to do, and no page is about nothing. */
class ReasonPagesTest {
    private static final Path PAGES = Path.of("../docs/reasons");

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasAPage(Reason reason) throws IOException {
        assertThat(Files.readString(PAGES.resolve(reason.wireName() + ".md")))
                .startsWith("# " + reason.wireName() + "\n")
                .contains("## What it means", "## What to do");
    }

    @Test
    void everyPageIsAboutAReason() throws IOException {
        var known =
                Arrays.stream(Reason.values()).map(reason -> reason.wireName() + ".md").toList();
        try (var pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString())).allMatch(known::contains);
        }
    }
}
