package dev.marea.kubernetes.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaBundleTest {
    private static Json.Obj configuration(Json.Obj annotations, Json.Obj... webhooks) {
        return Json.Obj.of(
                "metadata",
                Json.Obj.of("name", "marea", "annotations", annotations),
                "webhooks",
                List.of(webhooks));
    }

    private static Json.Obj webhook(String name, Json.Obj client) {
        return Json.Obj.of("name", name, "clientConfig", client);
    }

    @Test
    void everyWebhookGetsItAndNothingElseIsNamed() {
        var client = Json.Obj.of("url", "https://127.0.0.1:1/validate");
        var patch =
                CaBundle.patch(
                        configuration(Json.Obj.EMPTY, webhook("a", client), webhook("b", client)),
                        "roots");

        assertThat(patch.orElseThrow().list("webhooks"))
                .containsExactly(
                        webhook("a", Json.Obj.of("caBundle", "cm9vdHM=")),
                        webhook("b", Json.Obj.of("caBundle", "cm9vdHM=")));
    }

    @Test
    void nothingIsWrittenWhereItStandsAlready() {
        var client = Json.Obj.of("caBundle", "cm9vdHM=");

        assertThat(CaBundle.patch(configuration(Json.Obj.EMPTY, webhook("a", client)), "roots"))
                .isEmpty();
    }

    @Test
    void certManagersIsLeftToCertManager() {
        var annotated = Json.Obj.of("cert-manager.io/inject-ca-from", "marea-system/marea");

        assertThat(CaBundle.patch(configuration(annotated, webhook("a", Json.Obj.EMPTY)), "roots"))
                .isEmpty();
    }
}
