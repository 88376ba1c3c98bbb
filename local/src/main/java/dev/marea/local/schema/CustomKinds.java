package dev.marea.local.schema;

import dev.marea.local.objects.Resource;
import dev.marea.local.schema.Schema.Facts;
import dev.marea.local.schema.Schema.ScalarType;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** Makes kinds of CustomResourceDefinitions: one for each served version. */
final class CustomKinds {
    private CustomKinds() {}

    static List<Kind> of(Json.Obj crd) {
        var kinds = new ArrayList<Kind>();
        for (var version : crd.list("spec", "versions")) {
            var resource =
                    new Resource(
                            crd.text("spec", "group").orElse(""),
                            version.text("name").orElse(""),
                            crd.text("spec", "names", "plural").orElse(""),
                            crd.text("spec", "names", "kind").orElse(""),
                            crd.text("spec", "scope").orElse("").equals("Namespaced"));
            boolean status = version.at("subresources", "status").isPresent();
            var schema = StructuralSchema.read(version.object("schema", "openAPIV3Schema"));
            kinds.add(new Kind(resource, object(resource, schema), false, status));
        }
        return kinds;
    }

    /** The kind of the definitions themselves: read-only here, so its spec needs no shape. */
    static Kind definitions() {
        var any =
                new Schema.Struct(
                        Facts.NONE,
                        "",
                        "Defines a kind of its own; read-only on one machine.",
                        new LinkedHashMap<>(),
                        Set.of(),
                        false,
                        true,
                        false,
                        Set.of());
        return new Kind(Resource.CRD, object(Resource.CRD, any), false, true);
    }

    /** The schema of a whole object: its author's fields and those that every object has. */
    private static Schema.Struct object(Resource resource, Schema schema) {
        var fields = new LinkedHashMap<String, Schema>();
        var text = new Schema.Scalar(Facts.NONE, ScalarType.STRING);
        fields.put("apiVersion", text);
        fields.put("kind", text);
        fields.put("metadata", BuiltIns.OBJECT_META);
        if (schema instanceof Schema.Struct struct) {
            struct.fields()
                    .forEach((name, field) -> {
                        if (!fields.containsKey(name)) {
                            fields.put(name, field);
                        }
                    });
        }
        return new Schema.Struct(
                Facts.NONE,
                definitionName(resource),
                about(schema),
                fields,
                schema instanceof Schema.Struct struct ? struct.required() : Set.of(),
                false,
                !(schema instanceof Schema.Struct struct) || struct.keepsUnknown(),
                false,
                Set.of());
    }

    private static String about(Schema schema) {
        var described = schema.facts().description();
        return described.isEmpty() && schema instanceof Schema.Struct struct
                ? struct.about()
                : described;
    }

    /** {@code io.kserve.serving.v1beta1.InferenceService}: the group backwards. */
    private static String definitionName(Resource resource) {
        var parts = List.of(resource.group().split("\\.")).reversed();
        return String.join(".", parts) + "." + resource.version() + "." + resource.kind();
    }
}
