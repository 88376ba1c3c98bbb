package dev.marea.wire.kserve;

import dev.marea.core.spec.TrainedModel;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The models that replicas of one service shall have, as they stand in the ConfigMap {@code
 * modelconfig-NAME-0}: KServe's operator writes and its agent reads the same.
 */
public final class ModelList {
    public static final String FILE = "models.json";

    /** The list of a service that has no models. */
    public static final String EMPTY = "[]";

    /** More would not fit a ConfigMap. */
    private static final int MODELS_MAX = 2_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,253}");

    private ModelList() {}

    /** One model of the list. */
    public record Entry(String name, String storageUri) {
        /** Tells this model from others of its name. */
        public String digest() {
            return ModelReports.digest(storageUri);
        }
    }

    /** The name of the ConfigMap of a service. */
    public static String configMap(String service) {
        return "modelconfig-" + service + "-0";
    }

    public static String write(Collection<TrainedModel> models) {
        return JsonWriter.text(
                Json.of(
                        models.stream()
                                .sorted(Comparator.comparing(TrainedModel::name))
                                .map(ModelList::entry)
                                .toList()));
    }

    private static Json entry(TrainedModel model) {
        return Json.Obj.of(
                "modelName",
                model.name(),
                "modelSpec",
                Json.Obj.of(
                        "storageUri", model.storageUri(),
                        "framework", model.framework(),
                        "memory", Long.toString(model.memoryBytes())));
    }

    /** Names become directories, so what could leave one is refused with the whole list. */
    public static List<Entry> read(byte[] file) throws MalformedJson {
        var entries = new ArrayList<Entry>();
        if (!(JsonReader.read(file) instanceof Json.Arr(var items)) || items.size() > MODELS_MAX) {
            throw new MalformedJson("a list of at most %d models is needed".formatted(MODELS_MAX));
        }
        for (var item : items) {
            var name = item.text("modelName").orElse("");
            var uri = item.text("modelSpec", "storageUri").orElse("");
            if (!NAME.matcher(name).matches() || uri.isEmpty()) {
                throw new MalformedJson(
                        "a model needs a modelName of %s and a modelSpec.storageUri"
                                .formatted(NAME));
            }
            entries.add(new Entry(name, uri));
        }
        return entries;
    }
}
