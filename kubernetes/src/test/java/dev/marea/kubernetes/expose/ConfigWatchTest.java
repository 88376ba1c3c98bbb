package dev.marea.kubernetes.expose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.PlatformConfig;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigWatchTest {
    private final List<String> heard = new ArrayList<>();
    private final ConfigWatch config =
            new ConfigWatch(
                    "marea-system",
                    PlatformConfig.DEFAULT,
                    new ConfigWatch.Ear() {
                        @Override
                        public void changed() {
                            heard.add("changed");
                        }

                        @Override
                        public void refused(Json.Obj configMap, String why) {
                            heard.add(why);
                        }
                    });

    @Test
    void mareasOwnNamespaceComesBeforeKServes() {
        config.put("kserve", domain("k.org"));
        assertThat(domain()).isEqualTo("k.org");
        config.put("marea-system", domain("m.org"));
        assertThat(domain()).isEqualTo("m.org");
        config.put("marea-system", Json.Obj.EMPTY);
        assertThat(domain()).isEqualTo("k.org");
        config.put("kserve", Json.Obj.EMPTY);
        assertThat(domain()).isEqualTo(PlatformConfig.DEFAULT.ingress().domain());
    }

    @Test
    void whatCannotBeReadLeavesTheLastGoodOneInForce() {
        config.put("marea-system", domain("m.org"));
        heard.clear();
        config.put(
                "marea-system",
                Json.Obj.of("data", Json.Obj.of("ingress", "{\n  \"ingressDomain\": x }")));
        assertThat(domain()).isEqualTo("m.org");
        assertThat(config.refusals()).isEqualTo(1);
        assertThat(heard).singleElement().asString().startsWith("ingress: line 2, column ");
    }

    @Test
    void whatChangesNothingWakesNobody() {
        config.put("marea-system", domain("m.org"));
        config.put("marea-system", domain("m.org"));
        config.put(
                "marea-system",
                Json.Obj.of(
                        "data",
                        Json.Obj.of("ingress", "{\"ingressDomain\": \"m.org\"}", "logger", "{}")));
        assertThat(heard).containsExactly("changed");
    }

    private String domain() {
        return config.current().ingress().domain();
    }

    private static Json.Obj domain(String domain) {
        return Json.Obj.of(
                "data", Json.Obj.of("ingress", "{\"ingressDomain\": \"%s\"}".formatted(domain)));
    }
}
