package dev.marea.local.schema;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.admission.Admission.FieldError;
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
        return Defaulter.defaulted(this, object);
    }

    /**
     * Refuses with 422 Invalid and one cause for each mistake. Not for writes of the status alone.
     *
     * @param before the stored object, empty on create
     * @param after the decoded and defaulted object
     */
    public void validate(Optional<Json.Obj> before, Json.Obj after) throws Refusal {
        var mistakes = mistakes(before, after);
        if (!mistakes.isEmpty()) {
            var name = after.text("metadata", "name").orElse("");
            throw Refusal.invalid(resource, name, mistakes);
        }
    }

    /** The same judgement as a list. */
    List<FieldError> mistakes(Optional<Json.Obj> before, Json.Obj after) {
        var mistakes = new Mistakes();
        new MetaRules(mistakes).check(resource, before, after);
        SchemaRules.check(this, after, mistakes);
        if (builtIn) {
            builtInRules(before, after, mistakes);
        }
        return mistakes.found();
    }

    private void builtInRules(Optional<Json.Obj> before, Json.Obj after, Mistakes mistakes) {
        var others = new OtherRules(mistakes);
        switch (resource.kind()) {
            case "Deployment", "ReplicaSet" -> new WorkloadRules(mistakes).check(before, after);
            case "Pod" -> pod(before, after, new PodRules(mistakes));
            case "Service" -> others.service(before, after);
            case "ConfigMap" -> others.configMap(before, after);
            case "Secret" -> others.secret(before, after);
            case "EndpointSlice" -> others.endpointSlice(before, after);
            case "Lease" -> others.lease(after);
            case "PersistentVolumeClaim" -> others.claim(before, after);
            case "ControllerRevision" -> others.revision(before, after);
            default -> {}
        }
    }

    private static void pod(Optional<Json.Obj> before, Json.Obj after, PodRules rules) {
        rules.check("spec", after.object("spec"));
        before.ifPresent(old -> rules.update(old.object("spec"), after.object("spec")));
    }

    public record Decoded(Json.Obj object, List<String> warnings) {
        public Decoded {
            warnings = List.copyOf(warnings);
        }
    }
}
