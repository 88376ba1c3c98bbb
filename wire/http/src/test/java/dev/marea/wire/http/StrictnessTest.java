package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrictnessTest {
    private static final String GOOD = "GET /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String GET = "GET /ok HTTP/1.1\r\n";
    private static final String HOST = "Host: a\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private EventLoops loops;
    private HttpServer server;

    @BeforeAll
    void open() throws IOException {
        loops = EventLoops.open(1);
        server =
                HttpServer.open(
                        DoorSettings.of(loops, "127.0.0.1", 0),
                        (request, response) ->
                                response.send(
                                        200,
                                        Map.of(),
                                        ("P=" + request.path() + " N=" + request.body().length)
                                                .getBytes(StandardCharsets.UTF_8)));
    }

    @AfterAll
    void close() {
        server.close();
        loops.close();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments(
                        "URI of 64 KiB",
                        414,
                        "GET /" + "a".repeat(65_536) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments(
                        "one header of 64 KiB",
                        431,
                        GET + HOST + "X: " + "a".repeat(65_536) + "\r\n\r\n"),
                arguments("1000 headers", 431, GET + HOST + headers(1_000) + "\r\n"),
                arguments(
                        "length and coding",
                        400,
                        post(
                                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                                "0\r\n\r\n" + SMUGGLED)),
                arguments(
                        "two lengths",
                        400,
                        post("Content-Length: 5\r\nContent-Length: 0\r\n", "hello" + SMUGGLED)),
                arguments(
                        "two equal lengths",
                        400,
                        post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")),
                arguments("length '5, 5'", 400, post("Content-Length: 5, 5\r\n", "hello")),
                arguments("length '+5'", 400, post("Content-Length: +5\r\n", "hello")),
                arguments("length '-1'", 400, post("Content-Length: -1\r\n", "")),
                arguments("length '0x5'", 400, post("Content-Length: 0x5\r\n", "hello")),
                arguments("empty length", 400, post("Content-Length: \r\n", "")),
                arguments("length 2^63", 400, post("Content-Length: 9223372036854775808\r\n", "x")),
                arguments(
                        "xchunked",
                        501,
                        post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + SMUGGLED)),
                arguments(
                        "gzip, chunked",
                        501,
                        post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
                arguments(
                        "two codings",
                        400,
                        post(
                                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                                "0\r\n\r\n")),
                arguments(
                        "space before colon",
                        400,
                        post(
                                "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n",
                                "0\r\n\r\n" + SMUGGLED)),
                arguments(
                        "identity and length",
                        400,
                        post("Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "hello")),
                arguments(
                        "coding in HTTP/1.0",
                        400,
                        "POST /p HTTP/1.0\r\n"
                                + HOST
                                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                arguments(
                        "chunk size overflow", 400, chunked("FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n")),
                arguments("chunk size '-1'", 400, chunked("-1\r\nx\r\n0\r\n\r\n")),
                arguments("empty chunk size", 400, chunked("\r\nx\r\n0\r\n\r\n")),
                arguments("chunk line LF only", 400, chunked("5\nhello\r\n0\r\n\r\n")),
                arguments("LF in chunk extension", 400, chunked("5;a\nb\r\nhello\r\n0\r\n\r\n")),
                arguments(
                        "quoted chunk extension",
                        400,
                        chunked("5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n")),
                arguments(
                        "long chunk extension",
                        400,
                        chunked("5;" + "a".repeat(9_000) + "\r\nhello\r\n0\r\n\r\n")),
                arguments("chunk data without CRLF", 400, chunked("5\r\nhelloXX0\r\n\r\n")),
                arguments("65,537 chunks", 400, chunked("1\r\nA\r\n".repeat(65_537) + "0\r\n\r\n")),
                arguments("bad trailer", 400, chunked("0\r\nX Y: 1\r\n\r\n")),
                arguments("endless trailers", 431, chunked("0\r\n" + headers(200) + "\r\n")),
                arguments("bare CR in header", 400, GET + HOST + "X: a\rb\r\n\r\n"),
                arguments("NUL in header", 400, GET + HOST + "X: a\0b\r\n\r\n"),
                arguments("folded header", 400, GET + HOST + "X: a\r\n b\r\n\r\n"),
                arguments("folded first header", 400, GET + " X: a\r\n" + HOST + "\r\n"),
                arguments("no Host", 400, GET + "\r\n"),
                arguments("empty Host", 400, GET + "Host: \r\n\r\n"),
                arguments("two Hosts", 400, GET + HOST + "Host: b\r\n\r\n"),
                arguments("Host with a path", 400, GET + "Host: a/b\r\n\r\n"),
                arguments("Host with user", 400, GET + "Host: u@a\r\n\r\n"),
                arguments(
                        "absolute target of another host",
                        400,
                        "GET http://b/ok HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("LF-only lines", 400, "GET /ok HTTP/1.1\nHost: a\n\n"),
                arguments("LF-only header", 400, GET + "Host: a\n\r\n"),
                arguments(
                        "climbing path", 400, "GET /../../etc/passwd HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments(
                        "encoded climbing path",
                        400,
                        "GET /v2/%2e%2e%2f%2e%2e/x HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("NUL in path", 400, "GET /v2/models/a%00b HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("bad escape", 400, "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments(
                        "bad escape in query",
                        400,
                        "GET /ok?a=%z HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"),
                arguments(
                        "path encoded twice",
                        400,
                        "GET /%252e%252e/x HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("backslash in path", 400, "GET /a%5c..%5cb HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("path not UTF-8", 400, "GET /%c0%ae HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("space in target", 400, "GET /a b HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("fragment in target", 400, "GET /a#b HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("authority target", 400, "CONNECT a:443 HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("bad method", 400, "G(T /ok HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("no version", 400, "GET /ok\r\n" + HOST + "\r\n"),
                arguments("HTTP/9.9", 505, "GET /ok HTTP/9.9\r\n" + HOST + "\r\n"),
                arguments("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"),
                arguments("lower-case version", 400, "GET /ok http/1.1\r\n" + HOST + "\r\n"),
                arguments("garbage", 400, "\u0080\u00ff\u00fe".repeat(500) + "\r\n\r\n"),
                arguments(
                        "TLS hello",
                        400,
                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"
                                + "x".repeat(200)),
                arguments("header name with space", 400, GET + HOST + "X Y: 1\r\n\r\n"),
                arguments("empty header name", 400, GET + HOST + ": 1\r\n\r\n"),
                arguments("header without colon", 400, GET + HOST + "XY\r\n\r\n"),
                arguments("underscore twin", 400, GET + HOST + "X_Api_Key: 1\r\n\r\n"),
                arguments(
                        "unknown expectation",
                        417,
                        post("Expect: cake\r\nContent-Length: 1\r\n", "a")),
                arguments("declared body too large", 413, post("Content-Length: 67108865\r\n", "")),
                arguments("empty lines for ever", 400, "\r\n".repeat(20_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedOnceAndTheNextGoodRequestWorks(String name, int status, String bytes)
            throws IOException {
        var answer = Wire.exchange(server.port(), bytes + SMUGGLED);

        assertThat(Wire.statuses(answer)).containsExactly(String.valueOf(status));
        assertThat(answer).contains("{\"error\":\"", "connection: close").doesNotContain("P=");
        assertThat(Wire.exchange(server.port(), GOOD)).endsWith("P=/ok N=0");
    }

    @ParameterizedTest
    @CsvSource({
        "/a/./b//c, /a/b/c",
        "/a/x/../b, /a/b",
        "/a%2Fb, /a/b",
        "/models/..%2f..%2fmodels, 400",
        "/v1/models/a;x=1:predict, /v1/models/a;x=1:predict",
        "/a%20b, /a b",
        "/a+b, /a+b",
        "/gr%C3%BC%C3%9Fe, /grüße",
        "/100%25, /100%",
        "/, /",
        "//, /",
        "/a/, /a/",
        "/a/.., /",
        "http://a/x?y, /x",
    })
    void pathsAreDecodedOnceAndNormalised(String target, String path) throws IOException {
        var answer =
                Wire.exchange(
                        server.port(),
                        "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        assertThat(new String(answer.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .contains(path.equals("400") ? "HTTP/1.1 400" : "P=" + path + " N=0");
    }

    @Test
    void aGoodChunkedBodyWithTrailersIsRead() throws IOException {
        var body = "5\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n";

        var answer = Wire.exchange(server.port(), lastChunked(body));

        assertThat(answer).endsWith("P=/p N=15");
    }

    @Test
    void exactlyTheAllowedNumberOfChunksIsRead() throws IOException {
        var body = "1\r\nA\r\n".repeat(65_536) + "0\r\n\r\n";

        var answer = Wire.exchange(server.port(), lastChunked(body));

        assertThat(answer).endsWith("P=/p N=65536");
    }

    @Test
    void refusalsAreCountedByReason() throws IOException {
        long before = server.counters().refused(Refusal.BAD_HOST);

        Wire.exchange(server.port(), GET + "\r\n");

        assertThat(server.counters().refused(Refusal.BAD_HOST)).isEqualTo(before + 1);
    }

    private static String post(String headers, String body) {
        return "POST /p HTTP/1.1\r\n" + HOST + headers + "\r\n" + body;
    }

    private static String chunked(String body) {
        return post("Transfer-Encoding: chunked\r\n", body);
    }

    private static String lastChunked(String body) {
        return post("Connection: close\r\nTransfer-Encoding: chunked\r\n", body);
    }

    private static String headers(int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("X-").append(i).append(": y\r\n");
        }
        return text.toString();
    }
}
