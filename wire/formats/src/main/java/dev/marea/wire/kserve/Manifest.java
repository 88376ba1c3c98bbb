package dev.marea.wire.kserve;

import dev.marea.core.spec.Service;
import dev.marea.wire.json.Json;
import java.util.Optional;

/**
 * An InferenceService as read: the typed service, and the canonical predictor trees whose pod parts
 * the operator renders. Legacy blocks ({@code sklearn: ...}) have become {@code model}; a seed-form
 * canary has been merged over the predictor. The user's own manifest is never rewritten.
 */
public record Manifest(Service service, Json.Obj predictor, Optional<Json.Obj> candidate) {}
