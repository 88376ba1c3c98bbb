package dev.marea.kubernetes.api;

import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Objects of one kind that somebody follows; what is there already is known once it has begun. */
public final class Followed implements AutoCloseable {
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers;

    /** Hears what happens to one object after another. */
    public interface Ear {
        /** It is there, as it is now. */
        void there(Json.Obj object);

        void gone(Json.Obj object);
    }

    private Followed(List<SharedIndexInformer<GenericKubernetesResource>> informers) {
        this.informers = informers;
    }

    /**
     * Which objects.
     *
     * @param namespaces empty for all
     * @param labels that an object must bear; an empty value stands for any
     * @param without labels that it must not bear
     * @param fields as a field selector has them
     */
    public record Choice(
            Kind kind,
            Set<String> namespaces,
            Map<String, String> labels,
            Map<String, String> without,
            Map<String, String> fields) {
        /** All of a kind. */
        public static Choice all(Kind kind, Set<String> namespaces) {
            return new Choice(kind, namespaces, Map.of(), Map.of(), Map.of());
        }

        /** Those that bear labels. */
        public Choice labelled(Map<String, String> some) {
            return new Choice(kind, namespaces, some, without, fields);
        }

        /** Those that do not bear labels. */
        public Choice except(Map<String, String> some) {
            return new Choice(kind, namespaces, labels, some, fields);
        }

        /** The one of a name. */
        public Choice named(String name) {
            return new Choice(kind, namespaces, labels, without, Map.of("metadata.name", name));
        }
    }

    /** Tells of every object that is there, changes or goes. */
    public static Followed start(KubernetesClient client, Choice choice, Ear ear) {
        var kind = choice.kind();
        var context =
                new ResourceDefinitionContext.Builder()
                        .withGroup(kind.group())
                        .withVersion(kind.version())
                        .withKind(kind.name())
                        .withPlural(kind.plural())
                        .withNamespaced(kind.namespaced())
                        .build();
        var resources = client.genericKubernetesResources(context);
        var informers = new ArrayList<SharedIndexInformer<GenericKubernetesResource>>();
        var places =
                choice.namespaces().isEmpty()
                        ? Stream.of(kind.namespaced() ? resources.inAnyNamespace() : resources)
                        : choice.namespaces().stream().map(resources::inNamespace);
        places.forEach(place -> {
            var some = place.withFields(choice.fields());
            for (var label : choice.labels().entrySet()) {
                some =
                        label.getValue().isEmpty()
                                ? some.withLabel(label.getKey())
                                : some.withLabel(label.getKey(), label.getValue());
            }
            for (var label : choice.without().entrySet()) {
                some = some.withoutLabel(label.getKey(), label.getValue());
            }
            var informer = some.runnableInformer(0);
            informer.itemStore(
                    new TrimmedStore<>(
                            GenericKubernetesResource.class,
                            client.getKubernetesSerialization(),
                            _ -> {}));
            informers.add(informer);
        });
        try {
            informers.forEach(informer -> ApiClient.follow(informer, new Told(ear)));
        } catch (KubernetesClientException failed) {
            informers.forEach(SharedIndexInformer::stop);
            throw failed;
        }
        return new Followed(informers);
    }

    /** Cluster-wide objects have the empty namespace. */
    public Optional<Json.Obj> get(String namespace, String name) {
        var key = namespace.isEmpty() ? name : namespace + "/" + name;
        return informers.stream()
                .map(informer -> informer.getIndexer().getByKey(key))
                .filter(Objects::nonNull)
                .findFirst()
                .map(Trees::of);
    }

    public List<Json.Obj> all() {
        return informers.stream()
                .flatMap(informer -> informer.getIndexer().list().stream())
                .map(Trees::of)
                .toList();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }

    private record Told(Ear ear) implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {
            ear.there(Trees.of(object));
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            if (!Objects.equals(
                    before.getMetadata().getResourceVersion(),
                    object.getMetadata().getResourceVersion())) {
                ear.there(Trees.of(object));
            }
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
            ear.gone(Trees.of(object));
        }
    }
}
