package dev.marea.storage;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches one file over http or https: bounded, retried where that may help, published when it is
 * whole.
 */
final class HttpFile {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFile.class);
    private static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(1);

    private final FetchLimits limits;

    HttpFile(FetchLimits limits) {
        this.limits = limits;
    }

    Fetched fetch(URI source, Path directory) throws IOException, InterruptedException {
        var target = directory.resolve(fileName(source));
        Files.createDirectories(directory);
        try (var client =
                        HttpClient.newBuilder()
                                .connectTimeout(limits.connect())
                                .followRedirects(HttpClient.Redirect.NEVER)
                                .build();
                var clock =
                        Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory())) {
            return withRetries(client, clock, source, target);
        }
    }

    private Fetched withRetries(
            HttpClient client, ScheduledExecutorService clock, URI source, Path target)
            throws IOException, InterruptedException {
        var pause = limits.pause();
        for (int attempt = 1; ; attempt++) {
            try {
                return new Fetched(1, download(client, clock, source, target));
            } catch (FetchFailure failed) {
                if (!failed.retryable() || attempt == limits.attempts()) {
                    throw failed;
                }
                LOG.info(
                        "{}; attempt {} of {} failed",
                        failed.getMessage(),
                        attempt,
                        limits.attempts());
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private long download(
            HttpClient client, ScheduledExecutorService clock, URI source, Path target)
            throws IOException, InterruptedException {
        var answer = follow(client, source);
        var expected = answer.headers().firstValueAsLong("Content-Length");
        if (expected.isPresent() && expected.getAsLong() > limits.bytesMax()) {
            answer.body().close();
            throw FetchFailure.lasting(
                    "%s has %d bytes, the limit for one model is %d"
                            .formatted(source, expected.getAsLong(), limits.bytesMax()));
        }
        try (var content = new StallGuard(answer.body(), limits.stall(), clock)) {
            return Publication.publish(content, target, limits.bytesMax(), source.toString());
        } catch (FetchFailure own) {
            throw own;
        } catch (IOException cut) {
            throw FetchFailure.passing(source + " broke off before its end: " + cut.getMessage());
        }
    }

    private HttpResponse<InputStream> follow(HttpClient client, URI source)
            throws IOException, InterruptedException {
        var here = source;
        for (int hop = 0; hop <= limits.redirectsMax(); hop++) {
            var answer = ask(client, here);
            int status = answer.statusCode();
            if (status == 200) {
                return answer;
            }
            answer.body().close();
            if (status < 300 || status > 399) {
                throw refused(here, status, answer.headers());
            }
            here = redirect(here, answer.headers());
        }
        throw FetchFailure.lasting(
                source + " redirects more than " + limits.redirectsMax() + " times");
    }

    private HttpResponse<InputStream> ask(HttpClient client, URI here)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(here)
                        .timeout(limits.stall())
                        .header("Accept-Encoding", "identity")
                        .build();
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (HttpConnectTimeoutException | ConnectException unreachable) {
            var why = Optional.ofNullable(unreachable.getMessage()).orElse("refused");
            throw FetchFailure.passing("no connection to " + here.getAuthority() + ": " + why);
        } catch (HttpTimeoutException silent) {
            throw FetchFailure.passing(
                    here + " gave no answer within " + limits.stall().toSeconds() + " s");
        } catch (IOException broken) {
            throw FetchFailure.passing(here + ": " + broken.getMessage());
        }
    }

    // A store that sends an https client to plain http is broken or attacked.
    private static URI redirect(URI from, HttpHeaders headers) throws FetchFailure {
        var location = headers.firstValue("Location").map(from::resolve);
        var scheme = location.map(URI::getScheme).orElse("");
        boolean allowed =
                scheme.equals("https")
                        || (scheme.equals("http") && from.getScheme().equals("http"));
        if (!allowed) {
            throw FetchFailure.lasting(
                    from
                            + " redirects to "
                            + location.map(URI::toString).orElse("nowhere")
                            + ", which is refused");
        }
        return location.orElseThrow();
    }

    private static FetchFailure refused(URI here, int status, HttpHeaders headers) {
        var message = "%s answered %d%s".formatted(here, status, advice(status));
        boolean passing = status == 429 || status >= 500;
        var wait = headers.firstValue("Retry-After").flatMap(HttpFile::seconds);
        if (passing && wait.isPresent() && wait.get().compareTo(RETRY_AFTER_MAX) > 0) {
            return FetchFailure.lasting(
                    message + " and asks to come back in " + wait.get().toSeconds() + " s");
        }
        return passing ? FetchFailure.passing(message) : FetchFailure.lasting(message);
    }

    private static String advice(int status) {
        return switch (status) {
            case 401, 403 ->
                    ": it wants credentials, and plain https:// sources are read without any";
            case 404, 410 -> ": check storageUri for a misspelt path";
            default -> "";
        };
    }

    private static Optional<Duration> seconds(String header) {
        try {
            return Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())));
        } catch (NumberFormatException date) {
            return Optional.empty();
        }
    }

    /** The last path segment names the file; a name that could leave the directory is refused. */
    private static String fileName(URI source) throws FetchFailure {
        var path = source.getPath() == null ? "" : source.getPath();
        var name = path.substring(path.lastIndexOf('/') + 1);
        if (name.isEmpty()
                || name.startsWith(".")
                || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0
                || name.length() > 200) {
            throw FetchFailure.lasting(
                    "the URL "
                            + source
                            + " ends in no usable file name; name one file, for example …/model.joblib");
        }
        return name;
    }
}
