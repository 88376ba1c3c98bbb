package dev.marea.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettledTest {
    @ParameterizedTest(name = "{1} in {0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{a: 1, b: 2} | {a: 1} | true", // the API may add
                "{a: 2} | {a: 1} | false",
                "{} | {a: 1} | false",
                "{} | {a: {}} | true", // saying nothing is settled by nothing
                "{} | {a: false} | true",
                "{l: [1, 2]} | {l: [1]} | false", // a list is whole
                "{l: [{n: x, d: 1}]} | {l: [{n: x}]} | true",
                "{limits: {cpu: 500m}} | {limits: {cpu: '0.5'}} | true",
                "{limits: {cpu: '1'}} | {limits: {cpu: 1}} | true",
                "{limits: {memory: 2Gi}} | {limits: {memory: 2048Mi}} | true",
                "{limits: {memory: 2Gi}} | {limits: {memory: 2G}} | false",
                "{cpu: 500m} | {cpu: '0.5'} | false", // only where quantities stand
            })
    void comparesWhatWeSet(String live, String wanted, boolean settled) {
        assertThat(Settled.in(Manifests.tree(live), Manifests.tree(wanted))).isEqualTo(settled);
    }
}
