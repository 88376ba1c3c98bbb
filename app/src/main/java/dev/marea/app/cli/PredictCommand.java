package dev.marea.app.cli;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one request to a service and prints the answer. */
@Command(
        mixinStandardHelpOptions = true,
        name = "predict",
        description =
                "Send a request to a service: V1 if it has instances, V2 if its inputs are tensors.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  marea predict sklearn-iris -d '{\"instances\": [[6.8, 2.8, 4.8, 1.4]]}'",
            "  marea predict sklearn-iris -f request.json"
        })
final class PredictCommand extends Verb {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Option(
            names = {"-d", "--data"},
            paramLabel = "JSON",
            description = "The request; @FILE reads a file")
    private @Nullable String data;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "A file with the request, or -")
    private @Nullable Path file;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The model's name. Default: the service's")
    private @Nullable String model;

    @Override
    public Integer call() throws Exception {
        var body = body();
        try (var cluster = root().cluster()) {
            var service = Services.find(cluster, namespace(cluster), name);
            if (service.address().isEmpty() || (!service.ready() && service.traffic().isEmpty())) {
                throw new Failure(name + " is not ready: " + service.why());
            }
            return send(URI.create(service.address() + path(body)), body);
        }
    }

    private String path(Json body) {
        var target = model == null ? name : model;
        boolean v2 = body.list("inputs").stream().anyMatch(i -> i.at("datatype").isPresent());
        return v2 ? "/v2/models/" + target + "/infer" : "/v1/models/" + target + ":predict";
    }

    private Json body() throws IOException, Failure {
        try {
            return JsonReader.read(text());
        } catch (MalformedJson bad) {
            throw new Failure("the request is not JSON: " + bad.getMessage());
        }
    }

    private String text() throws IOException, Failure {
        if (data != null) {
            return data.startsWith("@") ? Files.readString(Path.of(data.substring(1))) : data;
        }
        if (file == null) {
            throw Failure.misuse("give the request with -d JSON or -f FILE");
        }
        return file.toString().equals("-")
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(file);
    }

    private int send(URI target, Json body) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request =
                    HttpRequest.newBuilder(target)
                            .timeout(DEADLINE)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                            .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 400) {
                console().note("error: " + answer.statusCode() + " " + Printable.of(answer.body()));
                return 1;
            }
            console().line(answer.body());
            return 0;
        }
    }
}
