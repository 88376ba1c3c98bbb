package dev.marea.check.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.marea.check.ExamplesTest;
import dev.marea.check.operator.SmallPlatform;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Every manifest that we show, and those that this project grew from, judged by a real API. */
@EnabledIfSystemProperty(named = "marea.kubeconfig", matches = ".+")
class ManifestsClusterE2E {
    private static final List<Path> SEEDS =
            List.of(
                    Path.of("../../shared/seeds/manifests"),
                    Path.of("../../../shared/seeds/manifests"));

    /** Their templates bear no label that their selectors ask for. */
    private static final String UNLABELLED = "`selector` does not match template `labels`";

    /** What Kubernetes itself refuses of them, by kind and name: the defects are the seeds' own. */
    private static final Map<String, String> REFUSED =
            Map.of(
                    "Deployment metrics-server", UNLABELLED,
                    "Deployment vllm-deployment", UNLABELLED,
                    "Deployment vllm-deployment-optimized", UNLABELLED,
                    "Deployment vllm-gpu-optimized", UNLABELLED,
                    "Deployment vllm-spot", UNLABELLED,
                    "Secret vllm-secrets", "illegal base64 data");

    private SmallPlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new SmallPlatform(true);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void whatWeShowIsTaken() throws Exception {
        var refused = new TreeMap<String, String>();
        for (var shown : ExamplesTest.manifests().toList()) {
            var answer = judged(shown.manifest());
            if (!answer.isEmpty()) {
                refused.put(shown.toString(), answer);
            }
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void theSeedsAreTakenOrTheirDefectIsNamed() throws Exception {
        var directory = SEEDS.stream().filter(Files::isDirectory).findFirst();
        assumeTrue(directory.isPresent(), "the seeds are not on this machine");
        var refused = new TreeMap<String, String>();
        for (var manifest : seeds(directory.get())) {
            var answer = judged(manifest);
            if (!answer.isEmpty()) {
                refused.put(
                        manifest.text("kind").orElse("")
                                + " "
                                + manifest.text("metadata", "name").orElse(""),
                        answer);
            }
        }
        assertThat(refused.keySet()).isEqualTo(REFUSED.keySet());
        refused.forEach((name, answer) -> assertThat(answer).as(name).contains(REFUSED.get(name)));
    }

    private static List<Json.Obj> seeds(Path directory) throws Exception {
        var seeds = new ArrayList<Json.Obj>();
        try (var files = Files.list(directory)) {
            for (var file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                for (var document : Yaml.read(Files.readString(file))) {
                    if (document instanceof Json.Obj manifest && manifest.has("kind")) {
                        seeds.add(manifest);
                    }
                }
            }
        }
        return seeds;
    }

    /** What the API says against it; empty if it takes it, or does not know the kind. */
    private String judged(Json.Obj manifest) throws IOException {
        ResourcePath resource;
        try {
            resource = platform.cluster.resource(manifest);
        } catch (IOException unknown) {
            return ""; // a kind of somebody else's, whose definition this cluster lacks
        }
        var here =
                resource.namespaced()
                        ? manifest.withAt(
                                List.of("metadata", "namespace"), Json.of(platform.namespace()))
                        : manifest;
        var path =
                (resource.group().isEmpty() ? "/api/v1" : "/apis/" + resource.apiVersion())
                        + (resource.namespaced() ? "/namespaces/" + platform.namespace() : "")
                        + "/"
                        + resource.plural()
                        + "?dryRun=All&fieldValidation=Strict";
        var answer =
                platform.api()
                        .ask(
                                "POST",
                                path,
                                "application/json",
                                "application/json",
                                new String(JsonWriter.bytes(here), StandardCharsets.UTF_8));
        return answer.status() == 201 || answer.status() == 409
                ? ""
                : answer.json().text("message").orElse(answer.text());
    }
}
