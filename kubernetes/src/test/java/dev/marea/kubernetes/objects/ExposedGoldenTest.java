package dev.marea.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.PlatformConfig.GatewayRef;
import dev.marea.kubernetes.objects.ExternalRoute.Path;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leads to a service on a cluster, against files that a person has read; see GoldenTest. */
class ExposedGoldenTest {
    private static final Subject IRIS = new Subject("demo", "iris", "uid-iris", Map.of(), Map.of());
    private static final List<String> HOSTS =
            List.of("iris-demo.models.test", "iris-predictor-demo.models.test");

    @ParameterizedTest
    @ValueSource(strings = {"exposed-doors", "exposed-grpc", "exposed-ingress", "exposed-routes"})
    void aServiceIsReachedByTheseObjects(String name) throws IOException {
        var made = objects(name);
        var directory = Optional.ofNullable(System.getProperty("marea.golden"));
        if (directory.isPresent()) {
            var file = java.nio.file.Path.of(directory.get(), name + ".objects.yaml");
            Files.writeString(
                    file, made.stream().map(Yaml::write).collect(Collectors.joining("---\n")));
        }
        assertThat(made)
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(Manifests.trees(Manifests.text(name + ".objects")));
    }

    private static List<Json.Obj> objects(String name) {
        return switch (name) {
            case "exposed-doors" -> doors(new PredictorService(IRIS, false, false));
            case "exposed-grpc" -> doors(new PredictorService(IRIS, true, true));
            case "exposed-ingress" -> List.of(route().ingress("nginx", List.of("models-tls")));
            default -> route().httpRoutes(new GatewayRef("infra", "models"), true);
        };
    }

    private static ExternalRoute route() {
        var path = new Path("models.test", "/m/demo/iris", "/serving/demo/iris");
        return new ExternalRoute(IRIS, HOSTS, List.of(path), Duration.ofMinutes(5), false);
    }

    private static List<Json.Obj> doors(PredictorService service) {
        var gateways = GatewayDoors.of(Manifests.trees(Manifests.text("gateway-slices")));
        var made = new ArrayList<Json.Obj>();
        made.add(service.service());
        made.add(service.alias());
        for (var family : gateways.families()) {
            made.add(service.slice("uid-service", family, gateways.of(family)));
        }
        return made;
    }
}
