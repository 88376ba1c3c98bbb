package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.marea.local.LocalApi;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentTest {
    private final LocalApi api = LocalApi.inMemory(List.of(), Map.of(), Clock.systemUTC());
    private final Environment environment =
            new Environment(api.objects(), new Downward("here", new Capacity(4, 8L << 30)));

    @BeforeEach
    void makeSources() throws Exception {
        for (var yaml :
                List.of(
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: default}, data: {a: one, b: two}}",
                        "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default}, stringData: {key: hidden}}")) {
            api.objects().create((Json.Obj) Yaml.read(yaml).getFirst(), "test");
        }
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Map<String, String> resolve(String container) throws Exception {
        var pod =
                new PodSpec(
                        (Json.Obj)
                                Yaml.read(
                                                """
                                                metadata: {name: p, namespace: default, uid: u-1, labels: {app: web}}
                                                spec: {containers: [%s]}
                                                """
                                                        .formatted(container))
                                        .getFirst());
        return environment.declared(pod, pod.containers().getFirst(), Map.of("PORT", "4711"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: X, value: 'on $(PORT)'} | on 4711",
                "{name: X, valueFrom: {fieldRef: {fieldPath: metadata.name}}} | p",
                "{name: X, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['app']\"}}} | web",
                "{name: X, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}} | here",
                "{name: X, valueFrom: {fieldRef: {fieldPath: status.podIP}}} | 127.0.0.1",
                "{name: X, valueFrom: {secretKeyRef: {name: s, key: key}}} | hidden",
                "{name: X, valueFrom: {configMapKeyRef: {name: c, key: a}}} | one",
                "{name: X, valueFrom: {resourceFieldRef: {resource: limits.memory}}} | 1073741824",
                "{name: X, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}} | 1024",
                "{name: X, valueFrom: {resourceFieldRef: {resource: limits.cpu}}} | 4",
                "{name: X, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}} | 250",
            })
    void resolvesAVariable(String variable, String value) throws Exception {
        assertThat(
                        resolve(
                                "{name: m, resources: {limits: {memory: 1Gi}, requests: {cpu: 250m}}, env: ["
                                        + variable
                                        + "]}"))
                .containsEntry("X", value);
    }

    @Test
    void laterVariablesMayUseEarlierOnesAndWinOverSources() throws Exception {
        assertThat(
                        resolve(
                                """
                                {name: m, envFrom: [{prefix: C_, configMapRef: {name: c}}, {secretRef: {name: none, optional: true}}],
                                 env: [{name: A, value: $(C_a)}, {name: B, value: $(A)+}, {name: C_b, value: own},
                                       {name: NO, valueFrom: {secretKeyRef: {name: none, key: k, optional: true}}}]}
                                """))
                .containsEntry("B", "one+")
                .containsEntry("C_b", "own")
                .doesNotContainKey("NO");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: X, valueFrom: {secretKeyRef: {name: none, key: k}}} | secret \"none\" not found",
                "{name: X, valueFrom: {configMapKeyRef: {name: c, key: z}}} | couldn't find key z in ConfigMap default/c",
                "{name: X, valueFrom: {fieldRef: {fieldPath: spec.what}}} | fieldPath \"spec.what\" is none that a pod can be told",
            })
    void saysWhatIsMissing(String variable, String why) {
        var blocked =
                catchThrowableOfType(
                        Blocked.class, () -> resolve("{name: m, env: [" + variable + "]}"));

        assertThat(blocked.reason()).isEqualTo("CreateContainerConfigError");
        assertThat(blocked.message()).isEqualTo(why);
    }
}
