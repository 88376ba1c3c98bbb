package dev.marea.local.schema;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** One kind that the API serves, with its schema. */
public final class Kind {
    private final Resource resource;
    private final Schema.Struct schema;
    private final boolean builtIn;
    private final boolean statusSubresource;

    Kind(Resource resource, Schema.Struct schema, boolean builtIn, boolean statusSubresource) {
        this.resource = resource;
        this.schema = schema;
        this.builtIn = builtIn;
        this.statusSubresource = statusSubresource;
    }

    public Resource resource() {
        return resource;
    }

    public Schema.Struct schema() {
        return schema;
    }

    public boolean builtIn() {
        return builtIn;
    }

    /** Whether {@code status} is written through its own subresource only. */
    public boolean statusSubresource() {
        return statusSubresource;
    }

    /**
     * The object as this kind has it: unknown fields dropped (refused with 400 under STRICT, told
     * in warnings under WARN), values of a wrong type refused, nulls dropped.
     */
    public Decoded decode(Json.Obj given, FieldValidation unknown) throws Refusal {
        return Decoder.decode(this, given, unknown);
    }

    /** Fills in what the author left to the API. */
    public Json.Obj defaulted(Json.Obj object) {
        return object;
    }

    /**
     * Refuses with 422 Invalid and one cause for each mistake.
     *
     * @param before the stored object, empty on create
     */
    public void validate(Optional<Json.Obj> before, Json.Obj after) throws Refusal {}

    public record Decoded(Json.Obj object, List<String> warnings) {
        public Decoded {
            warnings = List.copyOf(warnings);
        }
    }
}
