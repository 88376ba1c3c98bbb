package dev.marea.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayShareTest {
    @ParameterizedTest
    @CsvSource({"1, 2, 2", "3, 1, 2", "10, 7, 3", "1, 5, 5", "4, 3, 12", "100, 1, 7"})
    void togetherGatewaysGiveAReplicaItsLimitAndNoMore(int limit, int replicas, int gateways) {
        for (int replica = 0; replica < replicas; replica++) {
            int at = replica;
            int sum =
                    IntStream.range(0, gateways)
                            .map(i -> new GatewayShare(i, gateways).places(limit, at, replicas))
                            .sum();
            assertThat(sum).as("replica %d", replica).isEqualTo(limit);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 3", "2, 3, 4", "1, 2, 9", "5, 4, 20", "7, 3, 5"})
    void everyGatewayHasItsEvenPartOfAllPlaces(int limit, int replicas, int gateways) {
        int least = Math.max(1, limit * replicas / gateways);
        for (int i = 0; i < gateways; i++) {
            var share = new GatewayShare(i, gateways);
            int mine =
                    IntStream.range(0, replicas).map(r -> share.places(limit, r, replicas)).sum();
            assertThat(mine).as("gateway %d", i).isBetween(least, least + 1);
        }
    }

    @Test
    void noLimitIsNoLimitHoweverManyGateways() {
        assertThat(new GatewayShare(3, 4).places(0, 0, 1)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aloneItHasEveryPlace() {
        assertThat(GatewayShare.ALONE.places(7, 3, 5)).isEqualTo(7);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new GatewayShare(2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 of 2");
    }
}
