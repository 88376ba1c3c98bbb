package dev.marea.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.JsonReader;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
    private static double read(String number) throws Exception {
        try (var json = JsonReader.FACTORY.createParser("[" + number + "]")) {
            json.nextToken();
            json.nextToken();
            return Decimals.of(json);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                "1",
                "6.8",
                "-1.5",
                "123456789012345",
                "1234567890123456",
                "0.12345678901234",
                "0.123456789012345",
                "0.1234567890123456",
                "1e5",
                "1E-5",
                "1.5e300",
                "9007199254740993",
                "0.000000000000001",
                "123456.789012345",
                "1.7976931348623157e308",
                "4.9e-324"
            })
    void numbersAreWhatJavaReads(String number) throws Exception {
        assertThat(read(number)).isEqualTo(Double.parseDouble(number));
    }

    @Test
    void soAreRandomOnes() throws Exception {
        long seed = 7;
        var random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            var number =
                    (random.nextBoolean() ? "-" : "")
                            + random.nextInt(1_000_000)
                            + "."
                            + random.nextInt(1 << random.nextInt(1, 31));
            assertThat(read(number))
                    .as("seed %d, %s", seed, number)
                    .isEqualTo(Double.parseDouble(number));
        }
    }
}
