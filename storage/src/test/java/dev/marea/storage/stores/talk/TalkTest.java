package dev.marea.storage.stores.talk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TalkTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>|NoSuchKey: gone",
                "<R><Error><Code>X</Code><Message>of STS</Message></Error></R>|X: of STS",
                "{\"error\": {\"code\": 404, \"message\": \"of Google\"}}|of Google",
                "{\"errors\": [{\"code\": \"DENIED\", \"message\": \"of a registry\"}]}|DENIED: of a registry",
                "{\"error_code\": \"NOT\", \"message\": \"of MLflow\"}|NOT: of MLflow",
                "{\"RemoteException\": {\"message\": \"of Hadoop\"}}|of Hadoop",
                "{\"error\": \"of the Hub\"}|of the Hub",
                "<html><body>a page</body></html>|''",
                "{broken|''"
            })
    void aStoresOwnWordsAreFound(String body, String words) {
        assertThat(StoreWords.of(none(), body.getBytes(UTF_8))).isEqualTo(words);
    }

    @Test
    void wordsAreOneBoundedLineWithoutSignatures() {
        var long_ = StoreWords.line("a\u0007b\nc?X-Amz-Signature=abc&sig=def " + "x".repeat(500));
        assertThat(long_)
                .startsWith("a b c?X-Amz-Signature=…&sig=… x")
                .hasSizeLessThan(310)
                .doesNotContain("abc", "def");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
                "<a>",
                "",
                "no xml",
                "<a>&undefined;</a>"
            })
    void xmlThatReachesOutOrIsBrokenIsRefused(String text) {
        assertThatThrownBy(() -> Xml.read(text.getBytes(UTF_8))).isInstanceOf(Xml.Malformed.class);
    }

    @Test
    void xmlThatIsNestedWithoutEndIsRefused() {
        assertThatThrownBy(() -> Xml.read("<a>".repeat(100_000).getBytes(UTF_8)))
                .hasMessageContaining("nested");
    }

    @ParameterizedTest
    @CsvSource({
        "models/iris, models/iris/a, a",
        "models/iris, models/iris/a/b, a/b",
        "models/iris, models/iris-v2/a, ''",
        "models/iris, models/iris, ''",
        "models/iris, models/iris/, ''",
        "models/iris, models/iris/empty/, ''",
        "models/iris/, models/iris/a, a",
        "'', a/b, a/b"
    })
    void aPrefixIsAWholeName(String prefix, String key, String below) {
        assertThat(new Prefix(prefix).below(key).orElse("")).isEqualTo(below);
    }

    @Test
    void whatIsLentIsKeptUntilItEnds() throws Exception {
        var lends = new AtomicInteger();
        var kept =
                new Renewing<>(() ->
                        Renewing.Lent.until(
                                lends.incrementAndGet(), Instant.now().plusSeconds(3600)));
        assertThat(kept.current()).isEqualTo(kept.current());
        var ended =
                new Renewing<>(() ->
                        Renewing.Lent.until(
                                lends.incrementAndGet(), Instant.now().minusSeconds(1)));
        assertThat(ended.current()).isNotEqualTo(ended.current());
        assertThat(Renewing.Lent.until("hidden-token", Instant.MAX.minusSeconds(99)).toString())
                .doesNotContain("hidden-token");
    }

    @ParameterizedTest
    @CsvSource({"a b/c+d,a%20b/c%2Bd", "ü,%C3%BC", "~-._,~-._", "a%2F,a%252F"})
    void pathsAreEncodedAsSignaturesWantThem(String path, String encoded) {
        assertThat(Percent.path(path)).isEqualTo(encoded);
    }

    private static HttpHeaders none() {
        return HttpHeaders.of(Map.of("x", List.of("y")), (_, _) -> true);
    }
}
