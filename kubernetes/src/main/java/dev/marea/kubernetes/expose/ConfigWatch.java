package dev.marea.kubernetes.expose;

import dev.marea.core.spec.PlatformConfig;
import dev.marea.kubernetes.api.Followed;
import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidPlatformConfig;
import dev.marea.wire.kserve.PlatformConfigs;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the ConfigMap {@code inferenceservice-config} of Marea's namespace, else that of
 * KServe's. One that cannot be read changes nothing: the last good one stays in force, and whoever
 * looks is told what is wrong and where.
 */
final class ConfigWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    private final PlatformConfig base;
    private final List<String> namespaces;
    private final Ear ear;
    private final List<Followed> followed = new ArrayList<>();
    private final Map<String, Json.Obj> found = new HashMap<>();
    private Json.Obj judged = Json.Obj.EMPTY;
    private volatile PlatformConfig current;
    private final AtomicLong refusals = new AtomicLong();

    /** Who hears of it. */
    interface Ear {
        void changed();

        void refused(Json.Obj configMap, String why);
    }

    /**
     * Knows nothing yet.
     *
     * @param namespace of Marea
     * @param base what holds where no ConfigMap speaks
     */
    ConfigWatch(String namespace, PlatformConfig base, Ear ear) {
        this.base = base;
        this.namespaces = List.of(namespace, PlatformConfigs.KSERVE).stream().distinct().toList();
        this.ear = ear;
        this.current = base;
    }

    /** Returns when what is there has been read. */
    void start(KubernetesClient client) {
        for (var namespace : namespaces) {
            var choice =
                    Followed.Choice.all(Kind.CONFIG_MAP, Set.of(namespace))
                            .named(PlatformConfigs.NAME);
            followed.add(Followed.start(client, choice, new Heard(namespace)));
        }
    }

    PlatformConfig current() {
        return current;
    }

    /** How often a ConfigMap was refused. */
    long refusals() {
        return refusals.get();
    }

    private final class Heard implements Followed.Ear {
        private final String namespace;

        Heard(String namespace) {
            this.namespace = namespace;
        }

        @Override
        public void there(Json.Obj object) {
            put(namespace, object);
        }

        @Override
        public void gone(Json.Obj object) {
            put(namespace, Json.Obj.EMPTY);
        }
    }

    synchronized void put(String namespace, Json.Obj configMap) {
        found.put(namespace, configMap);
        var chosen =
                namespaces.stream()
                        .map(n -> found.getOrDefault(n, Json.Obj.EMPTY))
                        .filter(c -> !c.isEmpty())
                        .findFirst()
                        .orElse(Json.Obj.EMPTY);
        if (!chosen.object("data").equals(judged.object("data"))) {
            judged = chosen;
            judge(chosen);
        }
    }

    private void judge(Json.Obj configMap) {
        try {
            var read = PlatformConfigs.read(configMap, base);
            read.notes().forEach(note -> LOG.info("{}: {}", PlatformConfigs.NAME, note));
            if (!read.config().equals(current)) {
                current = read.config();
                LOG.info("{} is in force", PlatformConfigs.NAME);
                ear.changed();
            }
        } catch (InvalidPlatformConfig odd) {
            refusals.incrementAndGet();
            var why = "%s; what was in force stays so".formatted(odd.getMessage());
            LOG.error("{} cannot be followed: {}", PlatformConfigs.NAME, why);
            ear.refused(configMap, why);
        }
    }

    @Override
    public void close() {
        followed.forEach(Followed::close);
    }
}
