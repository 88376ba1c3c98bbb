package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.core.spec.ServiceId;
import dev.marea.core.spec.TrainedModel;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.kserve.ModelReports.Report;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelListTest {
    @Test
    void theListIsWrittenAsKservesAgentReadsIt() {
        assertThat(ModelList.write(List.of(model("b"), model("a"))))
                .isEqualTo(
                        """
                        [{"modelName":"a","modelSpec":{"storageUri":"s3://models/a","framework":"sklearn","memory":"1024"}},\
                        {"modelName":"b","modelSpec":{"storageUri":"s3://models/b","framework":"sklearn","memory":"1024"}}]\
                        """);
        assertThat(ModelList.configMap("shop")).isEqualTo("modelconfig-shop-0");
    }

    @Test
    void whatKservesOperatorWritesIsRead() throws Exception {
        var entries =
                ModelList.read(
                        bytes(
                                """
                                [{"modelName": "m", "modelSpec": {"storageUri": "gs://b/m", "framework": "x", "memory": "1Gi"}}]
                                """));
        assertThat(entries).containsExactly(new ModelList.Entry("m", "gs://b/m"));
        assertThat(ModelList.read(bytes(ModelList.EMPTY))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[{}]",
                "[{\"modelName\": \"../x\", \"modelSpec\": {\"storageUri\": \"u\"}}]",
                "[{\"modelName\": \".x\", \"modelSpec\": {\"storageUri\": \"u\"}}]",
                "[{\"modelName\": \"x\", \"modelSpec\": {}}]",
                "nonsense"
            })
    void aListThatCouldLeaveItsDirectoryIsRefused(String list) {
        assertThatThrownBy(() -> ModelList.read(bytes(list))).isInstanceOf(MalformedJson.class);
    }

    @Test
    void reportsComeBackAsTheyWereTold() {
        var report = new Report(ModelReports.digest("s3://models/a"), Optional.of("no such key"));
        var read = ModelReports.read(ModelReports.write(Map.of("a", report))).orElseThrow();
        assertThat(read).containsEntry("a", report);
        assertThat(ModelReports.isOf(report, "s3://models/a")).isTrue();
        assertThat(ModelReports.isOf(report, "s3://models/b")).isFalse();
        assertThat(ModelReports.read("{nonsense")).isEmpty();
    }

    @Test
    void reportsOfManyFailuresStillFitAnAnnotation() {
        var reports = new TreeMap<String, Report>();
        for (int i = 0; i < 2_000; i++) {
            reports.put("m" + i, new Report("0123456789abcdef", Optional.of("x".repeat(9_000))));
        }
        assertThat(ModelReports.write(reports).length()).isLessThan(240_000);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static TrainedModel model(String name) {
        return new TrainedModel(
                new ServiceId("default", "shop"),
                name,
                1,
                Instant.EPOCH,
                "s3://models/" + name,
                "sklearn",
                1024);
    }
}
