package dev.marea.kubernetes.api;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer holds, without what nobody here reads, and as text: who set which field alone is
 * half of an object, and a tree of maps takes six times the room of its JSON. An object is trimmed
 * before anyone sees it; those of whom there was news lately are at hand as objects too.
 */
public final class TrimmedStore<T extends HasMetadata> implements ItemStore<T> {
    /** As many as are worked on at one time, and some more. */
    private static final int AT_HAND_MAX = 64;

    private final ConcurrentMap<String, byte[]> items = new ConcurrentHashMap<>();
    private final Map<String, T> atHand =
            new LinkedHashMap<>(AT_HAND_MAX, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                    return size() > AT_HAND_MAX;
                }
            };
    private final Class<T> type;
    private final KubernetesSerialization json;
    private final Consumer<T> more;

    /**
     * Of one kind.
     *
     * @param more takes away what is not needed of this kind
     */
    public TrimmedStore(Class<T> type, KubernetesSerialization json, Consumer<T> more) {
        this.type = type;
        this.json = json;
        this.more = more;
    }

    @Override
    public String getKey(T item) {
        return Cache.metaNamespaceKeyFunc(item);
    }

    @Override
    public @Nullable T put(String key, T item) {
        item.getMetadata().setManagedFields(List.of());
        more.accept(item);
        var text = json.asJson(item).getBytes(StandardCharsets.UTF_8);
        synchronized (atHand) {
            var before = items.put(key, text);
            var object = atHand.put(key, item);
            return object != null || before == null ? object : read(before);
        }
    }

    @Override
    public @Nullable T remove(String key) {
        synchronized (atHand) {
            var before = items.remove(key);
            var object = atHand.remove(key);
            return object != null || before == null ? object : read(before);
        }
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return items.keySet().stream().map(this::peek).filter(Objects::nonNull);
    }

    /** Without making it one of those at hand, for whoever asks for all. */
    private @Nullable T peek(String key) {
        synchronized (atHand) {
            var object = atHand.get(key);
            if (object != null) {
                return object;
            }
        }
        var text = items.get(key);
        return text == null ? null : read(text);
    }

    @Override
    public @Nullable T get(String key) {
        byte[] text;
        synchronized (atHand) {
            var object = atHand.get(key);
            text = items.get(key);
            if (object != null || text == null) {
                return object;
            }
        }
        var object = read(text);
        synchronized (atHand) {
            if (Arrays.equals(items.get(key), text)) { // there was no news of it meanwhile
                atHand.put(key, object);
            }
        }
        return object;
    }

    private T read(byte[] text) {
        return json.unmarshal(new String(text, StandardCharsets.UTF_8), type);
    }

    @Override
    public int size() {
        return items.size();
    }
}
